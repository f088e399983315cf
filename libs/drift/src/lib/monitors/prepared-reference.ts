import type { DriftReference } from '@edge-blueprints/contracts';
import { thinningStride } from '../autocorrelation/thinning.js';

/** A frozen reference, made ready for tests of windows. */
export interface PreparedReference {
  /** As many ascending values as the reference is worth independent ones. */
  readonly sorted: Float64Array;
  readonly mean: number;
  /** What effects are divided by: the standard deviation, or the size of the value where the reference never varied. */
  readonly scale: number;
  /** Of the current samples one in so many is kept, so that they are independent. */
  readonly stride: number;
}

export function prepareReference(reference: DriftReference): PreparedReference {
  const { sample, autocorrelationTime: tau, mean, std } = reference;
  const n = reference.n - reference.nanCount;
  // Sokal's error of tau with his window of five tau.
  const stride = thinningStride({ samples: tau, standardError: tau * Math.sqrt((2 * (10 * tau + 1)) / n) });
  // Variance of the kept sample's distribution function: of n correlated values tau / n, and of drawing some of them 1 / size - 1 / n.
  const worth = stride === 1 ? sample.length : Math.max(2, Math.floor(1 / ((tau - 1) / n + 1 / sample.length)));
  const sorted = new Float64Array(worth);
  for (let i = 0; i < worth; i++) sorted[i] = sample[Math.floor(((i + 0.5) * sample.length) / worth)] ?? mean;
  return { sorted, mean, scale: std > 0 ? std : Math.max(Math.abs(mean), Number.EPSILON), stride };
}
