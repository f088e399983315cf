// The budget ledger under SIGKILL and power cuts: no budget forgotten, no second noise, no confirmed answer lost, always readable.
// EDGE_LEDGER_KILLS sets the number of kills (1000).
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { build } from 'vite';
import { z } from 'zod';
import { absent, suite } from './check.js';
import { compileFaultFs, createControl } from './crash/fault-fs.js';
import { createPromises } from './ledger/promises.js';
import { firstHour, hourMs, type Told } from './ledger/store.js';

const kills = Number(process.env['EDGE_LEDGER_KILLS'] ?? 1_000);
/** Processes that wait, loaded, for their turn. */
const waiting = 3;

interface Life {
  readonly child: ChildProcess;
  readonly lines: () => readonly Record<string, unknown>[];
  /** Resolves with this many lines, or with the end of the process. */
  readonly said: (lines: number) => Promise<void>;
  readonly closed: Promise<void>;
}

/** One plain file, so that a process starts in the time that Node itself takes. */
async function bundle(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@edge-blueprints/source', 'node'] },
    ssr: { noExternal: true, resolve: { conditions: ['@edge-blueprints/source', 'node'] } },
    build: {
      ssr: join(import.meta.dirname, 'ledger/kill-main.ts'),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'kill-main.mjs', format: 'es' } },
    },
  });
  return join(folder, 'kill-main.mjs');
}

function prepare(file: string, folder: string): Life {
  const child = spawn(process.execPath, [file, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let wake: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    wake();
  });
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    closed,
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line))),
    said: (lines) =>
      new Promise((resolve) => {
        wake = () => {
          if (text.split('\n').length > lines) resolve();
        };
        wake();
        void closed.then(() => resolve());
      }),
  };
}

async function killMany(folder: string) {
  const file = await bundle(folder);
  const disk = join(folder, 'store');
  mkdirSync(disk);
  const random = createRandom(5);
  const promises = createPromises();
  const line: Life[] = Array.from({ length: waiting }, () => prepare(file, disk));
  const sums = { kills: 0, whileOpening: 0, hours: 0, states: new Set<string>() };
  let hour = firstHour;
  try {
    for (let i = 0; i < kills; i += 1) {
      const life = line.shift();
      if (life === undefined) break;
      line.push(prepare(file, disk));
      await life.said(1);
      life.child.stdin?.write(`go ${hour}\n`);
      // A fifth dies at an arbitrary moment of opening, the others soon after one of the first things that they tell.
      if (random.next() >= 0.2) await life.said(random.integer(2, 12));
      await new Promise((resolve) => setTimeout(resolve, random.next() * 8));
      life.child.kill('SIGKILL');
      await life.closed;
      const lines = life.lines();
      for (const told of lines)
        if (told['kind'] !== 'ready' && told['kind'] !== 'open') promises.hear(told as unknown as Told);
      const open = lines.find((told) => told['kind'] === 'open');
      if (open === undefined) sums.whileOpening += 1;
      else sums.states.add(String(open['state']));
      sums.kills += 1;
      const next = Math.max(hour, Math.floor(promises.check(disk) / hourMs));
      sums.hours += next - hour;
      hour = next;
      if (sums.kills % 100 === 0)
        console.log(`  ${sums.kills} kills, ${sums.hours} hours of the store, ${JSON.stringify(promises.counts())}`);
    }
  } finally {
    for (const { child } of line) child.kill('SIGKILL');
    await Promise.all(line.map(({ closed }) => closed));
  }
  return { ...sums, ...promises.counts() };
}

async function cutEverywhere(folder: string): Promise<{ operations: number; cuts: number } | undefined> {
  const library = compileFaultFs(folder);
  if (library === undefined) return undefined;
  const root = join(folder, 'disk');
  const controlFile = join(folder, 'control');
  mkdirSync(root);
  createControl(controlFile);
  const child = fork(join(import.meta.dirname, 'ledger/power-cut-main.ts'), [root, controlFile, '3'], {
    execArgv: ['--conditions=@edge-blueprints/source', '--import', 'tsx'],
    env: { ...process.env, LD_PRELOAD: library, FAULT_FS_ROOT: root, FAULT_FS_CONTROL: controlFile },
  });
  let result: { operations: number; cuts: number } | undefined;
  child.on('message', (message) => {
    const failed = z.object({ failed: z.string() }).safeParse(message);
    if (failed.success) console.error(failed.data.failed);
    else result = z.object({ operations: z.number(), cuts: z.number() }).parse(message);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0 || result === undefined) throw new Error('the ledger broke a promise under a power cut');
  return result;
}

await suite('ledger', async (check) => {
  // A kill loses nothing that was written, so memory will do for a disk; power cuts have a disk of their own.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ledger-e2e-'));
  try {
    const start = Date.now();
    const seconds = (): number => Math.round((Date.now() - start) / 1_000);
    const [cut, killed] = await Promise.all([cutEverywhere(folder), killMany(folder)]);
    if (cut === undefined) absent('ledger', 'a C compiler (cc) on Linux');
    check(
      'keeps its promises when the power goes at any durable operation',
      cut.cuts === cut.operations * 3 && cut.operations > 100,
      `${cut.operations} operations, each cut 3 times: ${cut.cuts} power cuts`,
    );
    check(
      'keeps its promises when the process is killed',
      killed.kills === kills && killed.states.size === 1 && killed.states.has('open') && killed.answers > kills / 10,
      `${killed.kills} SIGKILLs, ${killed.whileOpening} while it opened; ${killed.hours} hours, ${killed.reserved} reservations seen, ` +
        `${killed.answers} answers each the same for good, ${killed.burnt} burnt, ${killed.refused} refusals; ${seconds()} s in all`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
