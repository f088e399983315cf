import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { mot17Preprocess, parseMot, type MotBox } from '@edge-blueprints/vision';
import { knownRows } from './known-figures.js';
import { checkRow, scoreRow, type Check, type ScoreRow } from './score-row.js';
import { runTracker, trackerRuns } from './tracker-runs.js';

export interface Sequence {
  readonly name: string;
  readonly framesPerS: number;
  readonly truth: readonly MotBox[];
  readonly detections: readonly MotBox[];
  /** The result of a tracker whose scores are known. */
  readonly published: readonly MotBox[];
  /** The rules of MOT17 for classes and distractors hold. */
  readonly classes: boolean;
}

export interface ReportedRow extends ScoreRow {
  readonly checks: readonly Check[];
}

export const sequenceFolders = [
  { folder: 'mot15-tud', names: ['TUD-Campus', 'TUD-Stadtmitte'] },
  { folder: 'mot17', names: ['MOT17-02', 'MOT17-04', 'MOT17-05', 'MOT17-09', 'MOT17-11'] },
] as const;

/** @returns undefined where the data is not there */
export async function readSequence(root: string, name: string): Promise<Sequence | undefined> {
  const classes = name.startsWith('MOT17');
  const folder = join(root, classes ? `${name}-FRCNN` : name);
  if (!existsSync(folder)) return undefined;
  const file = async (path: string, layout: 'mot15' | 'mot16' = 'mot15'): Promise<MotBox[]> =>
    parseMot(await readFile(join(folder, path), 'utf8'), join(name, path), layout);
  return {
    name,
    classes,
    framesPerS: classes ? await frameRate(join(folder, 'seqinfo.ini')) : 25,
    truth: await file(classes ? 'gt/gt.txt' : 'gt.txt', classes ? 'mot16' : 'mot15'),
    detections: await file(classes ? 'det/det.txt' : 'det.txt'),
    published: await file(classes ? 'reference/Lif_T.txt' : 'tracker-output.txt'),
  };
}

/** The published file and every tracker; a run whose source counts distractors stands there both ways. */
export function scoreSequence(sequence: Sequence): ReportedRow[] {
  const { name, framesPerS, truth, detections, published, classes } = sequence;
  const results = [
    { run: 'published file', boxes: published },
    ...trackerRuns.map(({ name: run, options }) => ({
      run,
      boxes: runTracker(options(framesPerS), detections, framesPerS),
    })),
  ];
  return results.flatMap(({ run, boxes }) => {
    const known = knownRows.filter((row) => row.sequence === name && row.run === run);
    const scored = classes ? mot17Preprocess(truth, boxes) : { truth, result: boxes };
    const variants = [{ distractorsCount: false, run, result: scored.result }];
    if (known.some((row) => row.distractorsCount))
      variants.push({ distractorsCount: true, run: `${run}, all boxes`, result: boxes });
    return variants.map((variant) => {
      const row = scoreRow(name, variant.run, scored.truth, variant.result);
      const checks = known
        .filter(({ distractorsCount }) => distractorsCount === variant.distractorsCount)
        .flatMap((knownRow) => checkRow(row, knownRow));
      return { ...row, checks };
    });
  });
}

async function frameRate(path: string): Promise<number> {
  const rate = Number(/^frameRate=(.+)$/m.exec(await readFile(path, 'utf8'))?.[1]);
  if (!(rate > 0)) throw new ConfigError('vision.mot-invalid', `${path} has no line frameRate=N above 0.`);
  return rate;
}
