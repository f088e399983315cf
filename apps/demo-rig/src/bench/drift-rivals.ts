import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DeviceError } from '@edge-blueprints/contracts';
import { z } from 'zod';

const script = fileURLToPath(new URL('./drift_rivals.py', import.meta.url));
const helloSchema = z.object({
  python: z.string(),
  libraries: z.record(z.string(), z.object({ version: z.string() }).or(z.object({ missing: z.string() }))),
});
const answerSchema = z.object({ ms: z.number() }).or(z.object({ fault: z.string() }));

export interface DriftRivals {
  /** For the report: which libraries were found, and why others were not. */
  readonly found: string;
  has(library: string): boolean;
  /** Milliseconds of one run of `id` on n values, timed inside of the other process. */
  time(id: string, n: number): Promise<number>;
  stop(): void;
}

/** Starts the Python of EDGE_PYTHON, or python3; a sentence where there is none that can be used. */
export async function startDriftRivals(
  python = process.env['EDGE_PYTHON'] ?? 'python3',
): Promise<DriftRivals | string> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(([error]) => ({ done: true, value: undefined, error: String(error) }));
  child.stdin.on('error', () => undefined); // a rival that died answers with the end of its lines
  const first = await Promise.race([lines.next(), failed]);
  if (first.value === undefined) {
    child.kill();
    return `${python} cannot be started; set EDGE_PYTHON to a Python with scipy and river`;
  }
  const hello = helloSchema.parse(JSON.parse(first.value));
  const has = (library: string): boolean => {
    const entry = hello.libraries[library];
    return entry !== undefined && 'version' in entry;
  };
  return {
    found: `Python ${hello.python}, ${Object.entries(hello.libraries)
      .map(([name, entry]) => ('version' in entry ? `${name} ${entry.version}` : `no ${name} (${entry.missing})`))
      .join(', ')}`,
    has,
    async time(id, n) {
      child.stdin.write(`${JSON.stringify({ id, n })}\n`);
      const line = await lines.next();
      const answer = line.value === undefined ? { fault: 'it ended' } : answerSchema.parse(JSON.parse(line.value));
      if ('fault' in answer)
        throw new DeviceError('bench.rival', `${python} could not run ${id} on ${n} values: ${answer.fault}.`);
      return answer.ms;
    },
    stop: () => void child.kill(),
  };
}
