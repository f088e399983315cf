import type { IntervalView, ThresholdCostPoint, ThresholdView } from '@edge-blueprints/contracts';
import type { ValidationScores } from '@edge-blueprints/inference';
import { wilsonInterval } from '@edge-blueprints/pipeline';
import type { PartScores } from '../record/part-store-port.js';

const step = 0.02;

/**
 * What moving the threshold of one class would have done to the recorded parts: rejects at each candidate, the thresholds
 * of the other classes as they are now. From the best score of each class in a part; thresholds of regions and parts that
 * were rejected by a fault are left out, because no threshold would have changed those. What that does to defects and
 * good boards is told from the bundle's held-out scores, where it has them.
 */
export function thresholdCost(
  parts: readonly PartScores[],
  classIndex: number,
  thresholds: readonly Pick<ThresholdView, 'classIndex' | 'threshold'>[],
  validation: ValidationScores | null,
): readonly ThresholdCostPoint[] {
  const thresholdOf = new Map(thresholds.map((each) => [each.classIndex, each.threshold]));
  const judged = parts.filter(({ verdict, topByClass }) => verdict === 'pass' || topByClass.length > 0);
  const own: number[] = [];
  let rejectedAnyway = 0;
  for (const { topByClass } of judged) {
    const others = topByClass.some(
      (top) => top.classIndex !== classIndex && top.score >= (thresholdOf.get(top.classIndex) ?? 1),
    );
    if (others) rejectedAnyway += 1;
    else own.push(topByClass.find((top) => top.classIndex === classIndex)?.score ?? 0);
  }
  const current = thresholdOf.get(classIndex) ?? 0.5;
  const candidates = new Set([
    current,
    ...Array.from({ length: Math.round(0.98 / step) }, (_, i) => Math.round((i + 1) * step * 100) / 100),
  ]);
  return [...candidates]
    .sort((a, b) => a - b)
    .map((threshold) => ({
      threshold,
      rejects: rejectedAnyway + own.filter((score) => score >= threshold).length,
      of: judged.length,
      missShare: missShare(validation, classIndex, threshold),
      falseRejectShare: falseRejectShare(validation, classIndex, threshold, thresholdOf),
    }));
}

/** Defects of the class that no detection at or above the threshold hits. */
function missShare(validation: ValidationScores | null, classIndex: number, threshold: number): IntervalView | null {
  const own = validation?.classes[classIndex];
  if (own === undefined || own.defects === 0) return null;
  const hits = own.detections.filter(([score, hit]) => hit === 1 && score >= threshold).length;
  return interval(own.defects - hits, own.defects);
}

/** Good boards that any class would reject, this one at the candidate. */
function falseRejectShare(
  validation: ValidationScores | null,
  classIndex: number,
  threshold: number,
  thresholdOf: ReadonlyMap<number, number>,
): IntervalView | null {
  if (validation === null || validation.goodBoards.length === 0) return null;
  const rejected = validation.goodBoards.filter((top) =>
    top.some((score, each) => score >= (each === classIndex ? threshold : (thresholdOf.get(each) ?? 1))),
  );
  return interval(rejected.length, validation.goodBoards.length);
}

function interval(count: number, of: number): IntervalView {
  return { count, of, ...wilsonInterval(count, of) };
}
