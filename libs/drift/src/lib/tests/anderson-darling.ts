import { UsageError } from '@edge-blueprints/contracts';
import type { Samples } from '../accumulators/histogram.js';
import { sortSamples } from './sorted-samples.js';

/**
 * Standardised k-sample Anderson-Darling statistic with midranks (Scholz and Stephens 1987, equation 7 and the variance
 * of section 3): weighs the tails more than Cramer-von Mises does. Expected 0, deviation 1 for identical distributions;
 * its p-value comes from `permutationTail`.
 * @throws UsageError `drift.samples` below two samples, for an empty one, NaN, or values that are all the same
 */
export function andersonDarling(samples: readonly Samples[]): number {
  const sorted = samples.map((sample) => sortSamples(sample));
  const pooled = Float64Array.from(sorted.flatMap((sample) => [...sample])).sort();
  const size = pooled.length;
  if (sorted.length < 2 || pooled[0] === pooled[size - 1])
    throw new UsageError('drift.samples', 'Anderson-Darling needs two samples or more and values that differ.');
  const at = new Int32Array(sorted.length);
  const sums = new Float64Array(sorted.length);
  for (let seen = 0; seen < size;) {
    const value = pooled[seen] ?? 0;
    let ties = 0;
    while (pooled[seen + ties] === value) ties += 1;
    const middle = seen + ties / 2;
    const weight = ties / size / (middle * (size - middle) - (size * ties) / 4);
    for (const [k, sample] of sorted.entries()) {
      const before = at[k] ?? 0;
      let own = before;
      while (sample[own] === value) own += 1;
      at[k] = own;
      sums[k] = (sums[k] ?? 0) + weight * (size * (before + own) * 0.5 - middle * sample.length) ** 2;
    }
    seen += ties;
  }
  let statistic = 0;
  for (const [k, sample] of sorted.entries()) statistic += ((sums[k] ?? 0) / sample.length) * ((size - 1) / size);
  const degrees = sorted.length - 1;
  return (statistic - degrees) / Math.sqrt(variance(sorted.map((sample) => sample.length)));
}

function variance(lengths: readonly number[]): number {
  const k = lengths.length;
  const size = lengths.reduce((sum, n) => sum + n, 0);
  const inverse = lengths.reduce((sum, n) => sum + 1 / n, 0);
  let harmonic = 0;
  let double = 0;
  // g = sum_{i < j} 1 / ((N - i) j): the inner sum over j > i is what is left of the harmonic one.
  for (let i = size - 1; i >= 1; i--) {
    double += harmonic / (size - i);
    harmonic += 1 / i;
  }
  const a = (4 * double - 6) * (k - 1) + (10 - 6 * double) * inverse;
  const b =
    (2 * double - 4) * k * k +
    8 * harmonic * k +
    (2 * double - 14 * harmonic - 4) * inverse -
    8 * harmonic +
    4 * double -
    6;
  const c =
    (6 * harmonic + 2 * double - 2) * k * k +
    (4 * harmonic - 4 * double + 6) * k +
    (2 * harmonic - 6) * inverse +
    4 * harmonic;
  const d = (2 * harmonic + 6) * k * k - 4 * harmonic * k;
  return (a * size ** 3 + b * size * size + c * size + d) / ((size - 1) * (size - 2) * (size - 3));
}
