import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage, parseConfig, systemClock } from '@edge-blueprints/contracts';
import { readTrustedKeys } from '@edge-blueprints/inference';
import { openPeopleModel, privacySchema } from '@edge-blueprints/retail-analytics';
import { z } from 'zod';
import { repositoryRoot } from '../compose/start-parts.js';
import { defaultStoreBundle } from '../default-bundle.js';
import { printErrors } from './print-errors.js';
import { runStoreDay, type StoreDay } from './store-day.js';

const help = `How far the store node's figures are from what truly happened in the rendered store, before and after privacy noise.

  npm run store-errors -- [--minutes 20] [--seeds 7,8,9] [--fps 8] [--people-per-hour 240] [--bundle DIR] [--variant ID] [--out FILE]

Every picture of three cameras is rendered, judged by the model, tracked and counted by the node's own code, in the store's own
time. Intervals are 95 %, by bootstrap over blocks of two minutes. The privacy settings are the defaults of a real store;
windows are as long as the run where that is less than an hour.
`;

const optionsSchema = z.strictObject({
  minutes: z.coerce.number().min(1).max(1_440).default(20),
  seeds: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'numbers with commas between them')
    .default('7,8,9'),
  fps: z.coerce.number().min(1).max(25).default(8),
  'people-per-hour': z.coerce.number().min(1).max(3_000).default(240),
  bundle: z.string().min(1).default(defaultStoreBundle.folder),
  variant: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
});

/** Windows begin on multiples of their length, and the run begins on the hour. */
function windowSeconds(minutes: number): number {
  const divisors = [60, 120, 180, 240, 300, 360, 600, 720, 900, 1_200, 1_800, 3_600];
  return divisors.findLast((seconds) => seconds <= minutes * 60) ?? 60;
}

async function main(): Promise<void> {
  const { help: wantsHelp, ...given } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      ...Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: 'string' } as const])),
    },
  }).values;
  if (wantsHelp === true) return void process.stdout.write(help);
  const options = parseConfig(optionsSchema, given, 'the command line (npm run store-errors -- --help)');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const model = await openPeopleModel({
    bundle: resolve(repositoryRoot, options.bundle),
    pose: undefined,
    variant: options.variant,
    trustedKeys: await readTrustedKeys(join(repositoryRoot, 'models/bundles/trusted-keys.json')),
    clock: systemClock,
  });
  const folder = await mkdtemp(join(tmpdir(), 'store-errors-'));
  const days: StoreDay[] = [];
  try {
    for (const seed of options.seeds.split(',').map(Number)) {
      const started = Date.now();
      const shortS = windowSeconds(options.minutes);
      const day = await runStoreDay({
        seed,
        minutes: options.minutes,
        framesPerS: options.fps,
        peoplePerHour: options['people-per-hour'],
        privacy: privacySchema.parse({
          windows: { shortS, longS: Math.max(shortS, 3_600) },
          ledger: { folder: join(folder, String(seed)) },
        }),
        model,
        onProgress: (minutes) =>
          process.stderr.write(
            `\r  seed ${seed}: ${minutes} of ${options.minutes} store minutes, ${Math.round((Date.now() - started) / 1000)} s `,
          ),
        stop: stop.signal,
      });
      process.stderr.write('\n');
      days.push(day);
      if (stop.signal.aborted) break;
    }
  } finally {
    await model.dispose();
    await rm(folder, { recursive: true, force: true });
  }
  const figures = printErrors(days, { model: `${model.name} ${model.variant}`, ...options }, (line) =>
    process.stdout.write(`${line}\n`),
  );
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(figures, null, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? `${error.code}: ` : ''}${errorMessage(error)}\n`);
  process.exitCode = 1;
});
