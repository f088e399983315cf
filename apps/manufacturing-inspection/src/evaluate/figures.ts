import type { LatencySnapshot } from '@edge-blueprints/pipeline';
import { wilsonInterval } from '@edge-blueprints/pipeline';
import {
  averagePrecision,
  bestF,
  countAtThresholds,
  matchDetections,
  meanAveragePrecision,
} from '@edge-blueprints/vision';
import type { JudgedPair } from './judge-pairs.js';

export interface ShareFigure {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface DetectionFigures {
  readonly pairs: number;
  readonly defects: number;
  readonly map: number | null;
  readonly perClass: readonly {
    readonly label: string;
    readonly defects: number;
    readonly ap: number | null;
    readonly threshold: number;
    readonly precision: ShareFigure;
    readonly recall: ShareFigure;
  }[];
  /** At the single threshold that is best for F on these very pairs: an upper bound, comparable with published figures. */
  readonly bestF: {
    readonly f: number;
    readonly threshold: number;
    readonly precision: number;
    readonly recall: number;
  } | null;
  /** At the bundle's verdict thresholds. */
  readonly atVerdict: { readonly f: number; readonly precision: ShareFigure; readonly recall: ShareFigure };
  /** Bad boards without any counted detection. */
  readonly escapedBoards: ShareFigure;
}

export interface EvaluationFigures {
  readonly detection: DetectionFigures;
  /** Good boards that were rejected, by set. */
  readonly falseRejects: Readonly<Record<string, ShareFigure>>;
  readonly latency: readonly ({ readonly stage: string } & LatencySnapshot)[];
}

export function share(count: number, of: number): ShareFigure {
  return { count, of, ...wilsonInterval(count, of) };
}

/** Detection figures by the DeepPCB protocol, and board figures at the verdict thresholds. */
export function detectionFigures(
  pairs: readonly JudgedPair[],
  labels: readonly string[],
  thresholdOf: (classIndex: number) => number,
): DetectionFigures {
  const classes = matchDetections(pairs, labels);
  const best = bestF(classes);
  const overall = countAtThresholds(classes, thresholdOf);
  const bad = pairs.filter(({ truth }) => truth.length > 0);
  return {
    pairs: pairs.length,
    defects: classes.reduce((sum, { truths }) => sum + truths, 0),
    map: meanAveragePrecision(classes),
    perClass: classes.map((each, classIndex) => {
      const { truePositives, falsePositives } = countAtThresholds([each], () => thresholdOf(classIndex));
      return {
        label: each.label,
        defects: each.truths,
        ap: averagePrecision(each),
        threshold: thresholdOf(classIndex),
        precision: share(truePositives, truePositives + falsePositives),
        recall: share(truePositives, each.truths),
      };
    }),
    bestF:
      best === null ? null : { f: best.f, threshold: best.threshold, precision: best.precision, recall: best.recall },
    atVerdict: {
      f: overall.f,
      precision: share(overall.truePositives, overall.truePositives + overall.falsePositives),
      recall: share(overall.truePositives, overall.truePositives + overall.falseNegatives),
    },
    escapedBoards: share(bad.filter(({ rejected }) => !rejected).length, bad.length),
  };
}

export function falseRejectFigure(pairs: readonly JudgedPair[]): ShareFigure {
  return share(pairs.filter(({ rejected }) => rejected).length, pairs.length);
}
