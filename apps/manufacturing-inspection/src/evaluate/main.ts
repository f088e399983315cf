import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import { loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { createThresholdBook } from '../decide/threshold-book.js';
import { stationTask } from '../station/suitable-bundle.js';
import { createBaselineJudge } from './baseline.js';
import { compareVariants } from './compare-variants.js';
import { detectionFigures, falseRejectFigure } from './figures.js';
import type { EvaluationFigures, ShareFigure } from './figures.js';
import { timedStages } from './judge-pairs.js';
import type { JudgedPair, PairSource } from './judge-pairs.js';
import { readLabelledPairs } from './labelled-pairs.js';
import { evaluateHelp, parseEvaluateOptions } from './options.js';
import type { EvaluateOptions } from './options.js';
import { printBaseline, printComparison } from './print-comparison.js';
import { printFigures } from './print-figures.js';
import { renderGoodBoards } from './rendered-boards.js';
import { evaluateTiles } from './tiles/main.js';
import { openVariant } from './variant-run.js';

const models = join(import.meta.dirname, '../../../../models/bundles');

async function evaluate(options: EvaluateOptions): Promise<void> {
  const bundle = await loadBundle(options.bundle, {
    trustedKeys: await readTrustedKeys(options.trustedKeys),
    expectTask: stationTask,
    allowUnsigned: options.allowUnsigned,
  });
  const { manifest } = bundle;
  if (options.compare !== undefined) bundle.variant(options.compare); // refused before an hour of judging, not after
  const baselineJudge = options.baseline ? createBaselineJudge(manifest.labels) : undefined;
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: [],
    operator: [],
    regions: [],
  });
  const scratch = await mkdtemp(join(tmpdir(), 'edge-evaluate-'));
  const variant = await openVariant(bundle, options.variant, thresholds, options.threads);
  try {
    const asked: PairSource[] = [];
    const judgedFrames: JudgedPair[] = [];
    const run = async (name: string, pairs: readonly PairSource[]) => {
      const judged = await judgeAll(name, pairs, (pair) => variant.judge(pair));
      asked.push(...pairs);
      judgedFrames.push(...judged);
      return judged;
    };
    const compareWith = async (id: string, own: readonly JudgedPair[]) => {
      const reference = await openVariant(bundle, id, thresholds, options.threads);
      try {
        const judged = await judgeAll(id, asked, (pair) => reference.judge(pair));
        return compareVariants(
          manifest.labels,
          { variant: options.variant, judged: own },
          { variant: id, judged },
          pairs.length,
        );
      } finally {
        await reference.dispose();
      }
    };

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
      latency: timedStages.map((stage) => ({ stage, ...variant.stages[stage].snapshot() })),
    };
    await variant.dispose();
    const baseline =
      baselineJudge === undefined
        ? undefined
        : detectionFigures(await judgeAll('template difference', pairs, baselineJudge), manifest.labels, () => 0);
    const comparison = options.compare === undefined ? undefined : await compareWith(options.compare, judgedFrames);
    const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`;
    process.stdout.write(
      printFigures(figures, [
        `bundle   ${manifest.name} ${manifest.version}, variant ${variant.variant} on ${variant.provider}, ${options.threads} thread(s), model ${variant.modelDigest.slice(0, 16)}`,
        `machine  ${machine}`,
        `golden   ${variant.goldenOutputs} outputs of the bundle's golden vectors within tolerance`,
      ]),
    );
    if (baseline !== undefined) process.stdout.write(printBaseline(baseline, figures.detection));
    if (comparison !== undefined) process.stdout.write(printComparison(comparison));
    if (options.json !== undefined) {
      const report = {
        format: 'edge-evaluation/1',
        bundle: manifest.name,
        version: manifest.version,
        variant: variant.variant,
        modelDigest: variant.modelDigest,
        machine,
        data: options.data,
        ...figures,
        ...(baseline === undefined ? {} : { baseline }),
        ...(comparison === undefined ? {} : { comparison }),
      };
      await writeFile(`${options.json}.next`, `${JSON.stringify(report, null, 2)}\n`);
      await rename(`${options.json}.next`, options.json);
    }
  } finally {
    await variant.dispose();
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
