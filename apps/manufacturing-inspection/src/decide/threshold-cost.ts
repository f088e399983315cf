import type { ThresholdCostPoint, ThresholdView } from '@edge-blueprints/contracts';
import type { PartScores } from '../record/part-store-port.js';

const step = 0.02;

/**
 * What moving the threshold of one class would have done to the recorded parts: rejects at each candidate, the thresholds
 * of the other classes as they are now. From the best score of each class in a part; thresholds of regions and parts that
 * were rejected by a fault are left out, because no threshold would have changed those.
 */
export function thresholdCost(
  parts: readonly PartScores[],
  classIndex: number,
  thresholds: readonly Pick<ThresholdView, 'classIndex' | 'threshold'>[],
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
      missShare: null,
      falseRejectShare: null,
    }));
}
