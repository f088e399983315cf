import type { ThresholdCostPoint } from '@edge-blueprints/contracts';

/** The recorded point that lies nearest to a threshold; null without points. */
export function costAt(points: readonly ThresholdCostPoint[], threshold: number): ThresholdCostPoint | null {
  let nearest: ThresholdCostPoint | null = null;
  for (const point of points) {
    if (nearest === null || Math.abs(point.threshold - threshold) < Math.abs(nearest.threshold - threshold))
      nearest = point;
  }
  return nearest;
}

export interface CostOfMoving {
  readonly now: ThresholdCostPoint;
  readonly then: ThresholdCostPoint;
  /** More rejects among the same recorded parts when positive. */
  readonly rejectsChange: number;
}

export function costOfMoving(points: readonly ThresholdCostPoint[], from: number, to: number): CostOfMoving | null {
  const now = costAt(points, from);
  const then = costAt(points, to);
  return now && then ? { now, then, rejectsChange: then.rejects - now.rejects } : null;
}

/** Columns for the chart, in rising order of the threshold. */
export function costColumns(points: readonly ThresholdCostPoint[]): {
  readonly x: number[];
  readonly rejects: number[];
  /** Shares, null where the bundle has no held-out scores. */
  readonly missed: (number | null)[];
  readonly falseRejects: (number | null)[];
} {
  const sorted = [...points].sort((a, b) => a.threshold - b.threshold);
  return {
    x: sorted.map((point) => point.threshold),
    rejects: sorted.map((point) => point.rejects),
    missed: sorted.map((point) => point.missShare?.share ?? null),
    falseRejects: sorted.map((point) => point.falseRejectShare?.share ?? null),
  };
}
