import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom, parseConfig, silentLogger, systemClock, type StoreView } from '@edge-blueprints/contracts';
import { openStore, storeConfigSchema, type StoreConfig } from '@edge-blueprints/retail-analytics';
import { storePlan } from '@edge-blueprints/rigs';
import { z } from 'zod';
import { repositoryRoot } from '../../compose/start-parts.js';
import { defaultStoreBundle } from '../../default-bundle.js';
import { createLoopedCamera, renderLoops, type Picture } from './looped-camera.js';
import { camerasThatFit, tierOf, type Tier } from './sizing.js';

const help = `npm run bench -- density [options]   how many cameras one store node follows on this machine

  --fps N        pictures per second of each camera (default 10)
  --floor N      rate below which tracks break (default 8)
  --seconds N    how long each number of cameras is measured (default 20)
  --cameras LIST numbers of cameras to try (default 1,2,3,4,6,8,10,12,16)
  --bundle DIR, --variant ID   model (default ${defaultStoreBundle.folder}, ${defaultStoreBundle.variant})
  --json FILE    everything as JSON too
  --help         this text

Tiers: stable, every camera at 95 % of its rate or more; degrading, every camera at the floor or above; failing, some camera
below it. Two failing numbers in a row end it, and so does memory. Pictures are 640x360 and rendered before; decoding a
stream costs extra. It measures the whole node: sharing, model, tracks. Run it on an idle machine.
`;

const optionsSchema = z.strictObject({
  fps: z.coerce.number().min(1).max(30).default(10),
  floor: z.coerce.number().min(1).max(30).default(8),
  seconds: z.coerce.number().min(5).max(600).default(20),
  cameras: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('1,2,3,4,6,8,10,12,16')
    .transform((text) => text.split(',').map(Number))
    .refine((list) => list.every((n) => n >= 1 && n <= 16), 'a node takes 1 to 16 cameras'),
  bundle: z.string().min(1).default(defaultStoreBundle.folder),
  variant: z.string().min(1).default(defaultStoreBundle.variant),
  json: z.string().min(1).optional(),
});
type Options = z.infer<typeof optionsSchema>;

export interface DensityStep {
  readonly cameras: number;
  readonly tier: Tier;
  readonly slowestPerS: number;
  readonly totalPerS: number;
  /** Processor time of the whole process for one picture that was followed, ms. */
  readonly cpuMsPerPicture: number;
  readonly coresUsed: number;
  readonly rssMiB: number;
  readonly inferMsP50: number | null;
}

const warmUpMs = 4_000;
/** Left to the rest of the machine. */
const spareBytes = 512 * 2 ** 20;

export async function runDensityBench(argv: readonly string[]): Promise<void> {
  const { help: wantsHelp, ...given } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      ...Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: 'string' } as const])),
    },
  }).values;
  if (wantsHelp === true) return void process.stdout.write(help);
  const options = parseConfig(optionsSchema, given, 'the command line (npm run bench -- density --help)');
  const cores = availableParallelism();
  process.stdout.write(
    `${cpus()[0]?.model.trim()}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(2)}\n` +
      `${options.fps} pictures/s a camera, floor ${options.floor}, ${options.seconds} s each\n\n` +
      'cameras  tier       slowest/s  total/s  cpu ms/picture  cores  MiB  model p50 ms\n',
  );
  const loops = renderLoops(40, options.fps, 7);
  const steps: DensityStep[] = [];
  let beforeBytes = process.memoryUsage().rss;
  let perCameraBytes = 0;
  for (const cameras of options.cameras) {
    const needed = perCameraBytes * cameras + spareBytes;
    if (freemem() < needed) {
      process.stdout.write(`${cameras} cameras would need ${Math.round(needed / 2 ** 20)} MiB more: left out\n`);
      break;
    }
    const step = await measure(cameras, options, loops);
    perCameraBytes = Math.max(perCameraBytes, (step.rssMiB * 2 ** 20 - beforeBytes) / cameras);
    beforeBytes = Math.min(beforeBytes, step.rssMiB * 2 ** 20);
    steps.push(step);
    process.stdout.write(`${row(step)}\n`);
    if (steps.slice(-2).filter(({ tier }) => tier === 'failing').length === 2) break;
  }
  const most = Math.max(0, ...steps.filter(({ tier }) => tier === 'stable').map(({ cameras }) => cameras));
  const cost = Math.min(
    ...steps.filter(({ tier }) => tier !== 'failing').map(({ cpuMsPerPicture }) => cpuMsPerPicture),
  );
  const rule = camerasThatFit({ cores, cpuMsPerPicture: cost, framesPerS: options.fps });
  process.stdout.write(
    `\nstable up to ${most} cameras; the rule for planners gives ${rule}: 0.7 x ${cores} cores x 1000 ms / (${options.fps} pictures/s x ${cost.toFixed(1)} ms)\n`,
  );
  if (options.json !== undefined)
    await writeFile(
      options.json,
      `${JSON.stringify({ format: 'edge-density/1', options, cores, steps, most, rule }, null, 2)}\n`,
    );
}

async function measure(
  cameras: number,
  options: Options,
  loops: readonly (readonly Picture[])[],
): Promise<DensityStep> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-density-'));
  const config = await configOf(cameras, options, folder);
  const store = await openStore(config, {
    clock: systemClock,
    random: createRandom(1),
    log: silentLogger,
    newToken: () => 'none',
    operatorPin: 'none',
    pinConfigured: true,
    version: 'bench',
    emit: () => undefined,
    openCamera: ({ id }) => {
      const n = Number(id.slice('camera-'.length));
      return createLoopedCamera({
        id,
        pictures: loops[n % loops.length] ?? [],
        framesPerS: options.fps,
        phase: n / cameras,
        clock: systemClock,
      });
    },
  });
  try {
    const seen = async (): Promise<StoreView> =>
      (await (await fetch(`http://127.0.0.1:${store.pagePort}/api/view`)).json()) as StoreView;
    await pause(warmUpMs);
    const cpu = process.cpuUsage();
    const startedMs = systemClock.monotonicMs();
    const slowest = new Map<string, number[]>();
    while (systemClock.monotonicMs() - startedMs < options.seconds * 1_000) {
      await pause(1_000);
      for (const { id, framesPerS } of (await seen()).cameras)
        slowest.set(id, [...(slowest.get(id) ?? []), framesPerS]);
    }
    const used = process.cpuUsage(cpu);
    const wallMs = systemClock.monotonicMs() - startedMs;
    const rates = [...slowest.values()].map((all) => all.reduce((a, b) => a + b, 0) / all.length);
    const totalPerS = rates.reduce((a, b) => a + b, 0);
    const cpuMs = (used.user + used.system) / 1_000;
    const slowestPerS = Math.min(...rates);
    return {
      cameras,
      tier: tierOf(slowestPerS, options),
      slowestPerS,
      totalPerS,
      cpuMsPerPicture: cpuMs / ((totalPerS * wallMs) / 1_000),
      coresUsed: cpuMs / wallMs,
      rssMiB: process.memoryUsage().rss / 2 ** 20,
      inferMsP50: (await seen()).model.inferMsP50,
    };
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function configOf(cameras: number, options: Options, folder: string): Promise<StoreConfig> {
  const plan = join(folder, 'plan.json');
  await writeFile(plan, JSON.stringify(storePlan));
  return storeConfigSchema.parse({
    store: { id: 'bench', simulated: true },
    plan,
    cameras: Array.from({ length: cameras }, (_, n) => ({
      id: `camera-${n}`,
      source: { kind: 'folder', id: `camera-${n}`, folder },
      calibration: join(folder, `calibration-${n}.json`),
      floorFramesPerS: options.floor,
    })),
    perception: {
      bundle: { folder: resolve(repositoryRoot, options.bundle), variant: options.variant },
      trustedKeys: join(repositoryRoot, 'models/bundles/trusted-keys.json'),
    },
    privacy: { ledger: { folder: join(folder, 'ledger') } },
    state: { folder: join(folder, 'state') },
    dashboard: { port: 0 },
    page: { folder: join(repositoryRoot, 'apps/demo-rig/page') },
  });
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function row({
  cameras,
  tier,
  slowestPerS,
  totalPerS,
  cpuMsPerPicture,
  coresUsed,
  rssMiB,
  inferMsP50,
}: DensityStep): string {
  return [
    String(cameras).padStart(7),
    ` ${tier.padEnd(10)}`,
    slowestPerS.toFixed(1).padStart(9),
    totalPerS.toFixed(1).padStart(8),
    cpuMsPerPicture.toFixed(1).padStart(15),
    coresUsed.toFixed(2).padStart(6),
    rssMiB.toFixed(0).padStart(5),
    (inferMsP50 === null ? '-' : inferMsP50.toFixed(1)).padStart(13),
  ].join(' ');
}
