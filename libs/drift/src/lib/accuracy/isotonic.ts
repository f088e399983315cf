import { UsageError } from '@edge-blueprints/contracts';
import type { ScoredTruth } from './calibration-error.js';

/** A rising map from score to calibrated probability: straight lines between points, level outside of them. */
export interface IsotonicCalibration {
  /** Ascending. */
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

/**
 * Isotonic regression by pooling of adjacent violators: the rising step curve with the least squared error.
 * @see Zadrozny, B., Elkan, C. (2002), Transforming classifier scores into accurate multiclass probability estimates, KDD
 * @throws UsageError `drift.calibration` for no samples
 */
export function fitIsotonic(samples: readonly ScoredTruth[]): IsotonicCalibration {
  if (samples.length === 0)
    throw new UsageError('drift.calibration', 'Calibration needs labelled samples, got none; label parts first.');
  const blocks: { from: number; to: number; bad: number; count: number }[] = [];
  for (const { score, bad } of [...samples].sort((a, b) => a.score - b.score)) {
    const last = blocks.at(-1);
    if (last !== undefined && last.to === score && last.from === score) {
      last.bad += bad ? 1 : 0;
      last.count += 1;
    } else blocks.push({ from: score, to: score, bad: bad ? 1 : 0, count: 1 });
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    let current = block;
    for (
      let last = pooled.at(-1);
      last !== undefined && last.bad * current.count >= current.bad * last.count;
      last = pooled.at(-1)
    ) {
      pooled.pop();
      current = { from: last.from, to: current.to, bad: last.bad + current.bad, count: last.count + current.count };
    }
    pooled.push(current);
  }
  const points = pooled.flatMap(({ from, to, bad, count }) =>
    from === to
      ? [{ score: from, probability: bad / count }]
      : [from, to].map((score) => ({ score, probability: bad / count })),
  );
  return { scores: points.map(({ score }) => score), probabilities: points.map(({ probability }) => probability) };
}

export function applyIsotonic({ scores, probabilities }: IsotonicCalibration, score: number): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scores[middle] ?? 0) < score) low = middle + 1;
    else high = middle;
  }
  const right = probabilities[low];
  if (right === undefined) return probabilities.at(-1) ?? score;
  const left = probabilities[low - 1];
  if (left === undefined) return right;
  const from = scores[low - 1] ?? 0;
  const to = scores[low] ?? 0;
  // The ratio first: a product of differences can vanish.
  return left + (right - left) * ((score - from) / (to - from));
}
