import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { FhirResource } from '../lib/resources/fhir-elements.js';

const folder = join(import.meta.dirname, '..', '..', 'hapi');
const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, program)));

/** Why the judge cannot sit, or undefined when it can: it needs Java 17 with its compiler, and Maven with its repository. */
export const hapiMissing = (): string | undefined => {
  const missing = ['java', 'javac', 'mvn'].filter((program) => !onPath(program));
  return missing.length === 0 ? undefined : `HAPI needs ${missing.join(', ')}`;
};

async function run(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString('utf8')));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`${program} ended with ${String(code)}: ${text.err.slice(-1_000)} ${text.out.slice(-500)}`);
  return text.out;
}

/** Errors that HAPI's validator finds, as the number of the resource and the sentence. */
export async function judgeByHapi(resources: readonly FhirResource[]): Promise<readonly (readonly [number, string])[]> {
  const place = mkdtempSync(join(tmpdir(), 'hapi-'));
  const file = join(place, 'classpath');
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';
  await run('mvn', ['-q', '-B', plugin, `-Dmdep.outputFile=${file}`]);
  const classpath = readFileSync(file, 'utf8').trim();
  rmSync(place, { recursive: true });
  const lines = await run(
    'java',
    ['-Xmx1g', '-cp', classpath, 'ValidateResources.java'],
    `${resources.map((resource) => JSON.stringify(resource)).join('\n')}\n`,
  );
  const verdicts = lines
    .trim()
    .split('\n')
    .filter((line) => /^(\d+|done)\t/.test(line));
  if (verdicts.at(-1) !== `done\t${resources.length}`)
    throw new Error(`HAPI did not see them all: ${lines.slice(-500)}`);
  return verdicts.slice(0, -1).map((line) => {
    const [at = '', ...words] = line.split('\t');
    return [Number(at), words.join(' ')] as const;
  });
}
