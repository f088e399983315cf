import { UsageError } from '@edge-blueprints/contracts';

/** A value that was computed from the model's own confidence. Never a measurement: it is as right as the calibration. */
export interface AccuracyWithoutLabels {
  readonly kind: 'estimate';
  readonly samples: number;
  readonly accuracy: number;
  /** 95 % interval of the accuracy over these parts if the scores are calibrated; what miscalibration adds is not in it. */
  readonly low: number;
  readonly high: number;
  /** Null where nothing was, or is expected to be, positive. For a detector only the precision has a meaning. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

export interface ScoredVerdict {
  /** Calibrated probability that the part is bad. */
  readonly score: number;
  readonly verdict: 'pass' | 'reject';
}

/**
 * Confidence-based performance estimation (CBPE): each verdict is right with the probability that its score says, so the expected
 * table of hits and misses follows without labels. Interval: the sum of unequal coin throws, variance sum p (1 - p).
 * @see NannyML documentation, confidence-based performance estimation; limits in arXiv 2401.08348
 * @returns null for no parts
 * @throws UsageError `drift.score` for a score outside of 0 to 1
 */
export function estimateAccuracyWithoutLabels(parts: readonly ScoredVerdict[]): AccuracyWithoutLabels | null {
  if (parts.length === 0) return null;
  let hits = 0;
  let falseRejects = 0;
  let escapes = 0;
  let variance = 0;
  let right = 0;
  for (const { score, verdict } of parts) {
    if (!(score >= 0 && score <= 1))
      throw new UsageError('drift.score', `A calibrated score lies between 0 and 1, got ${score}.`);
    variance += score * (1 - score);
    right += verdict === 'reject' ? score : 1 - score;
    if (verdict === 'reject') {
      hits += score;
      falseRejects += 1 - score;
    } else escapes += score;
  }
  const accuracy = right / parts.length;
  const half = (1.959963984540054 * Math.sqrt(variance)) / parts.length;
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  return {
    kind: 'estimate',
    samples: parts.length,
    accuracy,
    low: Math.max(0, accuracy - half),
    high: Math.min(1, accuracy + half),
    precision: share(hits, hits + falseRejects),
    recall: share(hits, hits + escapes),
    f1: share(2 * hits, 2 * hits + falseRejects + escapes),
  };
}
