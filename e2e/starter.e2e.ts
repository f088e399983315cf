// Client starters as a consultant makes them: generated into a folder outside of this repository, installed, tested, started,
// asked for their page, stopped; generated again without a difference, and over a client's edit. The packed plugin in one of them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type Check } from './check.js';
import { judgeDeployment } from './starter/deployment-files.js';
import { usePackedPlugin } from './starter/packed-plugin.js';

const root = join(import.meta.dirname, '..');
const starters = [
  { name: 'acme-line', options: ['--blueprint', 'manufacturing-inspection', '--target', 'cpu'], health: '/api/health' },
  {
    name: '@acme/fog-line',
    options: [
      ...['--blueprint', 'manufacturing-inspection', '--target', 'cpu', '--target', 'jetson-orin-nx'],
      ...['--pattern', 'fog', '--fogNode', 'http://127.0.0.1:8500', '--plcRole', 'client'],
    ],
    health: '/api/health',
  },
  { name: 'acme-store', options: ['--blueprint', 'retail-analytics', '--target', 'cpu'], health: '/api/health' },
  { name: 'acme-ward', options: ['--blueprint', 'ward-monitoring', '--target', 'cpu'], health: '/' },
] as const;

/** Every target that a blueprint can run on, in one workspace: generated and judged, not installed. */
const every = ['cpu', 'jetson-orin-nx', 'jetson-agx-orin', 'meteor-lake-npu', 'ryzen-ai'];
const wide = {
  'manufacturing-inspection': [...every, 'cloud-ai-100', 'coral-dev-board', 'hailo-8l'],
  'retail-analytics': every,
  'ward-monitoring': [...every, 'cloud-ai-100', 'coral-dev-board', 'hailo-8l'],
};

const generate = (name: string, options: readonly string[], folder: string, packs: string) =>
  spawnSync(
    process.execPath,
    [
      ...['tools/run.mjs', 'libs/blueprint-plugin/src/client-starter-main.ts', name],
      ...[...options, '--directory', folder, '--packs', packs],
    ],
    { cwd: root, encoding: 'utf8' },
  );

/** npm as a client runs it: without what our own npm put into the environment. */
const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_|^NODE_OPTIONS$/i.test(key)));
const npm = (folder: string, ...args: readonly string[]) =>
  spawnSync('npm', args, { cwd: folder, encoding: 'utf8', env: clean, timeout: 600_000 });
const told = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string =>
  `${stdout}${stderr}`.slice(-1_500);

/** Every generated file by its content. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/node_modules|\.nx|[\\/]dist[\\/]|\.data/.test(file.slice(folder.length)))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** As a consultant adds one later, through Nx. */
function addStation(check: Check, folder: string): void {
  const generator = '@edge-blueprints/blueprint-plugin:station';
  const added = spawnSync('npx', ['nx', 'g', generator, 'west', `--directory=${folder}`, '--interactive=false'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  check('a second station is added', added.status === 0, told(added));
}

function groupLives(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

async function startAndAsk(check: Check, folder: string, health: string): Promise<void> {
  const child = spawn('npm', ['start'], { cwd: folder, env: clean, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const exited = new Promise<string>((resolve) =>
    // The pipes close with the last process that holds them.
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  const url = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), 180_000);
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /Open (http:\S+)/.exec(text)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void exited.then(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
  check('npm start tells where the page is', url !== undefined, text.slice(-1_000));
  if (url !== undefined) check('the page answers', (await fetch(`${url}${health}`)).ok);
  // As Ctrl-C in a terminal: the whole group gets it.
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
  const end = await exited;
  const isClean = ['SIGINT', 'exit code 0', 'exit code 130'].includes(end) && !/error|at .*\(.*:\d+:\d+\)/i.test(text);
  check('Ctrl-C stops all of it', isClean && !groupLives(child.pid), `${end}\n${text.slice(-500)}`);
}

await suite('client starters', async (check) => {
  const base = await mkdtemp(join(tmpdir(), 'starters-'));
  try {
    for (const [n, { name, options, health }] of starters.entries()) {
      const folder = join(base, `starter-${n}`);
      const made = generate(name, options, folder, n === 0 ? 'always' : 'never');
      check(`${name} is generated`, made.status === 0, told(made));
      if (made.status !== 0) continue;
      const first = fingerprint(folder);
      const again = generate(name, options, folder, 'never');
      check(`${name} again: no difference`, again.status === 0 && fingerprint(folder) === first, told(again));
      appendFileSync(join(folder, 'README.md'), '\nOur own line.\n');
      const kept = generate(name, options, folder, 'never');
      check(
        `${name}: what the client wrote stays, and is told`,
        /kept, changed by hand: README\.md/.test(kept.stdout) &&
          readFileSync(join(folder, 'README.md'), 'utf8').endsWith('Our own line.\n'),
        told(kept),
      );
      if (name === 'acme-ward') addStation(check, folder);
      judgeDeployment(check, name, folder);
      const installed = npm(folder, 'ci');
      check(`${name}: npm ci`, installed.status === 0, told(installed));
      if (installed.status !== 0) continue;
      const tested = npm(folder, 'test');
      check(`${name}: npm test`, tested.status === 0, told(tested));
      await startAndAsk(check, folder, health);
      if (n === 0) usePackedPlugin(check, root, folder, base, clean);
    }
    for (const [blueprint, targets] of Object.entries(wide)) {
      const folder = join(base, `wide-${blueprint}`);
      const options = ['--blueprint', blueprint, ...targets.flatMap((target) => ['--target', target])];
      const made = generate('acme', options, folder, 'never');
      check(`${blueprint} is generated for ${targets.length} targets`, made.status === 0, told(made));
      if (made.status === 0) judgeDeployment(check, blueprint, folder);
    }
    const refused = generate(
      'Acme',
      ['--blueprint', 'retail-analytic', '--target', 'cpuu'],
      join(base, 'none'),
      'never',
    );
    check(
      'wrong options are refused all at once, and nothing is written',
      refused.status === 1 && /3 problem\(s\)/.test(refused.stderr) && !readdirSync(base).includes('none'),
      told(refused),
    );
  } finally {
    await rm(base, { recursive: true, force: true });
  }
});
