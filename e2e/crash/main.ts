// Power cuts at durable operations of the outbox, on a disk that loses what was not synced. See README.md.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runExits } from './exits.js';
import { compileFaultFs, createControl } from './fault-fs.js';

const help = `npm run crash -- [options]   power cuts under the outbox; needs Linux and a C compiler

  --schedules N   seeded schedules in one process, each ended by a power cut (default 10000):
                  80 % power cuts alone, 10 % with failing writes before, 10 % with damaged files
  --exits N       schedules in which the process really ends, with the hub in the parent (default 200)
  --cycle N       power cuts at every operation of one cycle, N survivals each (default 4; 0 leaves it out)
  --seed N        (default 1); a failure names what to repeat
  --help          this text
`;

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    exits: { type: 'string', default: '200' },
    cycle: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const life = z.object({
  result: z.object({
    cuts: z.number(),
    cutKinds: z.record(z.string(), z.number()),
    promised: z.number(),
    delivered: z.number(),
    duplicatesRefused: z.number(),
    recoveries: z.number(),
  }),
  counts: z.record(z.string(), z.number()),
});
const failed = z.object({ failed: z.string() });

async function main(): Promise<number> {
  const [schedules, exits, cycle, seed] = [values.schedules, values.exits, values.cycle, values.seed].map(Number);
  if (![schedules, exits, cycle, seed].every((n) => Number.isSafeInteger(n) && (n ?? -1) >= 0)) {
    console.error('--schedules, --exits, --cycle and --seed are whole numbers.');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  try {
    const library = compileFaultFs(folder);
    if (library === undefined) {
      console.log('Skipped: needs Linux and a C compiler (cc).');
      return process.env['CI'] === 'true' ? 1 : 0;
    }
    const root = join(folder, 'disk');
    const controlFile = join(folder, 'control');
    mkdirSync(root);
    createControl(controlFile);
    const environment = { LD_PRELOAD: library, FAULT_FS_ROOT: root, FAULT_FS_CONTROL: controlFile };
    const start = Date.now();
    let good = true;
    if (cycle) good = (await runCycle(root, controlFile, environment, seed ?? 1, cycle)) && good;
    for (const [kind, share] of [
      ['power-cut', 0.8],
      ['disk-errors', 0.1],
      ['damage', 0.1],
    ] as const) {
      const count = Math.round((schedules ?? 0) * share);
      if (count > 0) good = (await runSchedules(kind, count, seed ?? 1, root, controlFile, environment)) && good;
    }
    if (exits) {
      const done = await runExits({
        count: exits,
        seed: seed ?? 1,
        folder: join(root, 'exits'),
        controlFile,
        environment,
        onStart: (n) => n % 25 === 0 && console.log(`  process exits: ${n} of ${exits}`),
      });
      console.log(
        `process exits: ${done.exits} power cuts, ${done.promised} events promised, ${done.duplicatesRefused} doubles refused by the hub; nothing lost in silence, nothing stored twice`,
      );
    }
    console.log(`${good ? 'All held' : 'FAILED'} (seed ${seed}, ${Math.round((Date.now() - start) / 1_000)} s).`);
    return good ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runChild(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onMessage: (message: unknown) => void,
): Promise<boolean> {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: ['--expose-gc', '--conditions=@edge-blueprints/source', '--import', 'tsx'],
    env: { ...process.env, ...environment },
  });
  let good = true;
  child.on('message', (message) => {
    const failure = failed.safeParse(message);
    if (!failure.success) return onMessage(message);
    console.error(`FAILED ${failure.data.failed}`);
    good = false;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0 && good) console.error(`FAILED ${script} ended with ${code}`);
  return good && code === 0;
}

async function runSchedules(
  kind: string,
  count: number,
  seed: number,
  root: string,
  controlFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const disk = join(root, kind);
  mkdirSync(disk);
  const sum = { cuts: 0, promised: 0, delivered: 0, doubles: 0, recoveries: 0 };
  const cutKinds: Record<string, number> = {};
  let counts: Readonly<Record<string, number>> = {};
  createControl(controlFile);
  const good = await runChild(
    'in-process-main.ts',
    [disk, controlFile, kind, `${count}`, `${seed}`],
    environment,
    (m) => {
      const { result, counts: now } = life.parse(m);
      if (Math.floor((sum.cuts + result.cuts) / 500) > Math.floor(sum.cuts / 500))
        console.log(`  ${kind}: ${sum.cuts + result.cuts} of ${count}`);
      sum.cuts += result.cuts;
      sum.promised += result.promised;
      sum.delivered += result.delivered;
      sum.doubles += result.duplicatesRefused;
      sum.recoveries += result.recoveries;
      for (const [name, n] of Object.entries(result.cutKinds)) cutKinds[name] = (cutKinds[name] ?? 0) + n;
      counts = now;
    },
  );
  console.log(
    `${kind}: ${sum.cuts} schedules; cut at ${text(cutKinds)}; operations ${text(counts)}; ${sum.promised} events promised, ${sum.delivered} at the hub, the others declared; ${sum.doubles} doubles refused, ${sum.recoveries} repairs`,
  );
  return good && sum.cuts === count;
}

async function runCycle(
  root: string,
  controlFile: string,
  environment: Readonly<Record<string, string>>,
  seed: number,
  survivals: number,
): Promise<boolean> {
  const disk = join(root, 'cycle');
  mkdirSync(disk);
  const progress = z.object({ at: z.number(), operations: z.number() });
  const end = z.object({ operations: z.number(), cuts: z.number(), kinds: z.record(z.string(), z.number()) });
  return runChild('cycle-main.ts', [disk, controlFile, `${seed}`, `${survivals}`], environment, (message) => {
    const last = end.safeParse(message);
    if (last.success) {
      const { operations, cuts, kinds } = last.data;
      console.log(
        `cycle: ${operations} durable operations (${text(kinds)}), each cut ${survivals} times: ${cuts} power cuts`,
      );
      return;
    }
    const { at, operations } = progress.parse(message);
    if (at % 100 === 0) console.log(`  cycle: operation ${at} of ${operations}`);
  });
}

function text(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
}

if (values.help) process.stdout.write(help);
else process.exitCode = await main();
