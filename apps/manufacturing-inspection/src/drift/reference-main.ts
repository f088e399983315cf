import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { bundleDriftFile, loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { z } from 'zod';
import { createThresholdBook } from '../decide/threshold-book.js';
import { readLabelledPairs } from '../evaluate/labelled-pairs.js';
import { openVariant } from '../evaluate/variant-run.js';
import { stationTask } from '../station/suitable-bundle.js';
import { makeBundleDrift } from './make-reference.js';
import { partFeatures, responseOutput, type PartFeatures } from './part-features.js';

const help = `Makes the drift reference of a bundle: what pictures and answers look like when all is well.

  node tools/run.mjs apps/manufacturing-inspection/src/drift/reference-main.ts --bundle DIR --pictures DIR --out FILE

  --bundle DIR         model bundle whose answers are taken
  --pictures DIR       pairs images/<id>_test.png and images/<id>_temp.png as the line shows them (render-boards --like-line)
  --out FILE           where ${bundleDriftFile} is written; put it beside the ONNX files and pack the bundle again
  --variant ID         variant that judges (default: the bundle's first)
  --limit N            at most so many pairs (default 1500)
  --source TEXT        where the pictures come from, for people (default: the folder's name)
  --seed N             of the samples that are kept (default 1)
  --trusted-keys FILE  (default models/bundles/trusted-keys.json)
`;
const optionsSchema = z.strictObject({
  bundle: z.string().min(1),
  pictures: z.string().min(1),
  out: z.string().min(1),
  variant: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(100).max(100_000),
  source: z.string().min(1).max(500).optional(),
  seed: z.coerce.number().int().min(0),
  'trusted-keys': z.string().min(1),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      bundle: { type: 'string' },
      pictures: { type: 'string' },
      out: { type: 'string' },
      variant: { type: 'string' },
      limit: { type: 'string', default: '1500' },
      source: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'trusted-keys': {
        type: 'string',
        default: join(import.meta.dirname, '../../../../models/bundles/trusted-keys.json'),
      },
    },
  });
  const { help: wantsHelp, ...given } = values;
  if (wantsHelp) return void process.stdout.write(help);
  const options = parseConfig(optionsSchema, given, 'the command line (--help)');
  const bundle = await loadBundle(options.bundle, {
    trustedKeys: await readTrustedKeys(options['trusted-keys']),
    expectTask: stationTask,
  });
  const { manifest } = bundle;
  const variant = manifest.variants.find(({ id }) => id === (options.variant ?? manifest.variants[0]?.id));
  const sha256 = variant === undefined ? undefined : manifest.files[variant.file]?.sha256;
  if (variant === undefined || sha256 === undefined)
    throw new ConfigError('bundle.variant-unknown', `${manifest.name} has no variant ${options.variant}`);

  const seen: PartFeatures[] = [];
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: [],
    operator: [],
    regions: [],
  });
  const output = responseOutput(manifest.postprocess);
  const run = await openVariant(bundle, variant.id, thresholds, 1, ({ test, template, judgement }) => {
    const { outputs, detections } = judgement;
    seen.push(partFeatures(test, template, detections, { outputs, output }));
  });
  try {
    const pairs = await readLabelledPairs(options.pictures, options.limit, false);
    for (const [i, pair] of pairs.entries()) {
      await run.judge(pair);
      if ((i + 1) % 250 === 0) process.stderr.write(`  ${i + 1} of ${pairs.length} parts\n`);
    }
  } finally {
    await run.dispose();
  }
  const drift = makeBundleDrift(seen, {
    model: { file: variant.file, sha256 },
    source: options.source ?? `pairs of ${options.pictures.split('/').at(-1) ?? options.pictures}`,
    seed: options.seed,
  });
  await writeFile(`${options.out}.part`, `${JSON.stringify(drift)}\n`);
  await rename(`${options.out}.part`, options.out);
  for (const { feature, unit, reference } of drift.features)
    process.stdout.write(
      `${feature.padEnd(12)} ${reference.n} values, mean ${reference.mean.toPrecision(4)}, std ${reference.std.toPrecision(3)} (${unit})\n`,
    );
  process.stdout.write(`written          ${options.out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
