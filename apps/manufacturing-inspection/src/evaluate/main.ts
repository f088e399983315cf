import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage, systemClock } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, readTrustedKeys, verifyGolden } from '@edge-blueprints/inference';
import { createThresholdBook } from '../decide/threshold-book.js';
import { stationTask } from '../station/suitable-bundle.js';
import { detectionFigures, falseRejectFigure } from './figures.js';
import type { EvaluationFigures, ShareFigure } from './figures.js';
import { createPairJudge, createStageHistograms, timedStages } from './judge-pairs.js';
import type { JudgedPair, PairSource } from './judge-pairs.js';
import { readLabelledPairs } from './labelled-pairs.js';
import { evaluateHelp, parseEvaluateOptions } from './options.js';
import type { EvaluateOptions } from './options.js';
import { printFigures } from './print-figures.js';
import { renderGoodBoards } from './rendered-boards.js';
import { evaluateTiles } from './tiles/main.js';

const models = join(import.meta.dirname, '../../../../models/bundles');

async function evaluate(options: EvaluateOptions): Promise<void> {
  const bundle = await loadBundle(options.bundle, {
    trustedKeys: await readTrustedKeys(options.trustedKeys),
    expectTask: stationTask,
    allowUnsigned: options.allowUnsigned,
  });
  const { manifest } = bundle;
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: [],
    operator: [],
    regions: [],
  });
  const engine = createOnnxEngine({ threads: options.threads });
  const scratch = await mkdtemp(join(tmpdir(), 'edge-evaluate-'));
  try {
    const loaded = await engine.load(bundle.variant(options.variant));
    await engine.warmUp(20);
    const golden = await verifyGolden(engine, bundle, options.variant);
    const stages = createStageHistograms();
    const judge = createPairJudge({ bundle, engine, thresholds, clock: systemClock, stages });
    const run = (name: string, pairs: readonly PairSource[]) => judgeAll(name, pairs, (pair) => judge.judge(pair));

    const pairs = await readLabelledPairs(options.data, options.limit);
    const judged = await run('labelled pairs', pairs);
    const falseRejects: Record<string, ShareFigure> = {};
    const good = async (name: string, sources: readonly PairSource[]) =>
      (falseRejects[name] = falseRejectFigure(await run(name, sources)));
    if (options.templatePairs)
      await good(
        'template-against-template pairs',
        pairs.map((pair) => ({ ...pair, testFile: pair.templateFile, truth: [] })),
      );
    if (options.good !== undefined)
      await good('good boards', await readLabelledPairs(options.good, options.limit, false));
    if (options.rendered > 0)
      await good(
        'rendered good boards',
        await readLabelledPairs(await renderGoodBoards(options.rendered, scratch), options.rendered, false),
      );

    const figures: EvaluationFigures = {
      detection: detectionFigures(
        judged,
        manifest.labels,
        (classIndex) => thresholds.view()[classIndex]?.threshold ?? 1,
      ),
      falseRejects,
      latency: timedStages.map((stage) => ({ stage, ...stages[stage].snapshot() })),
    };
    const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`;
    process.stdout.write(
      printFigures(figures, [
        `bundle   ${manifest.name} ${manifest.version}, variant ${loaded.variant} on ${loaded.provider}, ${options.threads} thread(s), model ${loaded.modelDigest.slice(0, 16)}`,
        `machine  ${machine}`,
        `golden   ${golden.length} outputs of the bundle's golden vectors within tolerance`,
      ]),
    );
    if (options.json !== undefined) {
      const report = {
        bundle: manifest.name,
        version: manifest.version,
        variant: loaded.variant,
        modelDigest: loaded.modelDigest,
        machine,
        data: options.data,
        ...figures,
      };
      await writeFile(`${options.json}.next`, `${JSON.stringify(report, null, 2)}\n`);
      await rename(`${options.json}.next`, options.json);
    }
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function judgeAll(
  name: string,
  pairs: readonly PairSource[],
  judge: (pair: PairSource) => Promise<JudgedPair>,
): Promise<readonly JudgedPair[]> {
  const judged: JudgedPair[] = [];
  for (const pair of pairs) {
    judged.push(await judge(pair));
    if (judged.length % 25 === 0 || judged.length === pairs.length)
      process.stderr.write(`${name}: ${judged.length} of ${pairs.length}\n`);
  }
  return judged;
}

try {
  const args = process.argv.slice(2);
  const tiles = args.some((argument) => argument === '--tiles' || argument.startsWith('--tiles='));
  const options = tiles ? 'tiles' : parseEvaluateOptions(args, models);
  if (options === 'tiles') await evaluateTiles(args);
  else if (options === 'help') process.stdout.write(`${evaluateHelp}\n`);
  else await evaluate(options);
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
