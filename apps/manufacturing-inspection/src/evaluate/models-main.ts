import { createHash } from 'node:crypto';
import { readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import type { LoadedBundle } from '@edge-blueprints/inference';
import { createThresholdBook } from '../decide/threshold-book.js';
import { stationTask } from '../station/suitable-bundle.js';
import { detectionFigures } from './figures.js';
import { createPairJudge, createStageHistograms } from './judge-pairs.js';
import type { JudgedPair } from './judge-pairs.js';
import { readLabelledPairs } from './labelled-pairs.js';
import type { LabelledPair } from './labelled-pairs.js';

const help = `Scores ONNX files that no bundle holds yet through the station's own path: the tensors, preprocessing, decode and
thresholds are those of a bundle; only the model's bytes are exchanged.

  node tools/run.mjs apps/manufacturing-inspection/src/evaluate/models-main.ts --data DIR --out FILE [options] [NAME=FILE ...]

  --data DIR          labelled pairs, as npm run evaluate reads them
  --from FOLDER       every FOLDER/STEP/fp32.onnx and int8.onnx, named STEP/fp32 and STEP/int8
  --bundle DIR        bundle whose contract the files share (default models/bundles/pcb-defects)
  --trusted-keys FILE keys whose bundles are accepted (default: models/bundles/trusted-keys.json)
  --limit N           only the first N pairs
  --out FILE          the figures as JSON
  --help`;

interface ModelFile {
  readonly name: string;
  readonly file: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      data: { type: 'string' },
      from: { type: 'string' },
      bundle: { type: 'string', default: 'models/bundles/pcb-defects' },
      'trusted-keys': { type: 'string', default: 'models/bundles/trusted-keys.json' },
      limit: { type: 'string', default: '1000000' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(`${help}\n`);
  const files = [...(values.from === undefined ? [] : await stepFiles(values.from)), ...positionals.map(named)];
  const problems = [
    ...(values.data === undefined ? ['--data DIR is needed'] : []),
    ...(values.out === undefined ? ['--out FILE is needed'] : []),
    ...(files.length === 0 ? ['no model: give --from FOLDER or NAME=FILE'] : []),
    ...(/^[1-9]\d{0,6}$/.test(values.limit) ? [] : [`--limit must be a whole number from 1, got "${values.limit}"`]),
  ];
  if (values.data === undefined || values.out === undefined || problems.length > 0)
    throw new ConfigError('evaluate.arguments', `${problems.join('\n')}\n\n${help}`);

  const bundle = await loadBundle(resolve(values.bundle), {
    trustedKeys: await readTrustedKeys(resolve(values['trusted-keys'])),
    expectTask: stationTask,
  });
  const pairs = await readLabelledPairs(resolve(values.data), Number(values.limit));
  const models = [];
  for (const model of files) {
    const figures = await evaluateFile(model, bundle, pairs);
    process.stdout.write(
      `${model.name.padEnd(28)} mAP ${percent(figures.map)}  F ${percent(figures.bestF?.f ?? null)}\n`,
    );
    models.push(figures);
  }
  const report = { bundle: bundle.manifest.name, version: bundle.manifest.version, pairs: pairs.length, models };
  await writeFile(`${values.out}.next`, `${JSON.stringify(report, null, 1)}\n`);
  await rename(`${values.out}.next`, values.out);
}

async function evaluateFile(model: ModelFile, bundle: LoadedBundle, pairs: readonly LabelledPair[]) {
  const bytes = await readFile(model.file);
  const modelDigest = createHash('sha256').update(bytes).digest('hex');
  const contract = bundle.manifest.variants[0]?.id ?? '';
  const { manifest } = bundle;
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: [],
    operator: [],
    regions: [],
  });
  const engine = createOnnxEngine({ threads: 1 });
  try {
    await engine.load({ ...bundle.variant(contract), modelDigest, bytes });
    await engine.warmUp(3);
    const judge = createPairJudge({ bundle, engine, thresholds, clock: systemClock, stages: createStageHistograms() });
    const judged: JudgedPair[] = [];
    for (const pair of pairs) judged.push(await judge.judge(pair));
    const { map, perClass, bestF } = detectionFigures(
      judged,
      manifest.labels,
      (k) => thresholds.view()[k]?.threshold ?? 1,
    );
    const ap = Object.fromEntries(perClass.map((each) => [each.label, each.ap]));
    return { name: model.name, sha256: modelDigest, map, ap, bestF };
  } finally {
    await engine.dispose();
  }
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(2)} %`;
}

async function stepFiles(folder: string): Promise<readonly ModelFile[]> {
  const found: ModelFile[] = [];
  for (const step of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    for (const precision of ['fp32', 'int8']) {
      const file = join(folder, step.name, `${precision}.onnx`);
      if (await stat(file).catch(() => undefined)) found.push({ name: `${step.name}/${precision}`, file });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

function named(argument: string): ModelFile {
  const at = argument.indexOf('=');
  if (at < 1 || at === argument.length - 1)
    throw new ConfigError('evaluate.arguments', `"${argument}" is not NAME=FILE\n\n${help}`);
  return { name: argument.slice(0, at), file: argument.slice(at + 1) };
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
