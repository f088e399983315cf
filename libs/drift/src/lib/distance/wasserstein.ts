import type { Samples } from '../accumulators/histogram.js';
import { sortSamples } from '../tests/sorted-samples.js';

export interface TransportDistances {
  /** Integral of |F1 - F2|, in the unit of the values. */
  readonly wasserstein: number;
  /** Energy distance, sqrt(2 integral (F1 - F2)^2), in the square root of the unit (Szekely and Rizzo 2013). */
  readonly energy: number;
}

export interface SortedSides {
  readonly firstSorted?: boolean;
  readonly secondSorted?: boolean;
}

/**
 * How far one distribution must be carried to become the other. Divide `wasserstein` by the reference's standard
 * deviation (or IQR, where tails are long) to compare features.
 * @throws UsageError `drift.samples` for NaN or an empty sample
 */
export function transportDistances(first: Samples, second: Samples, sides: SortedSides = {}): TransportDistances {
  const a = sides.firstSorted === true ? first : sortSamples(first);
  const b = sides.secondSorted === true ? second : sortSamples(second);
  const [n, m] = [a.length, b.length];
  let [i, j] = [0, 0];
  let [wasserstein, squares] = [0, 0];
  let before = Math.min(a[0] ?? 0, b[0] ?? 0);
  while (i < n || j < m) {
    const x = i < n ? (a[i] ?? 0) : Infinity;
    const y = j < m ? (b[j] ?? 0) : Infinity;
    const value = x < y ? x : y;
    const difference = (i * m - j * n) / (n * m);
    wasserstein += Math.abs(difference) * (value - before);
    squares += difference * difference * (value - before);
    before = value;
    if (x <= y) i += 1;
    else j += 1;
  }
  return { wasserstein, energy: Math.sqrt(2 * squares) };
}

/** Wasserstein-1 distance in units of `scale`, the reference's std or IQR; 0 or Infinity where that is 0. */
export function normalisedWasserstein(first: Samples, second: Samples, scale: number, sides: SortedSides = {}): number {
  const { wasserstein } = transportDistances(first, second, sides);
  return wasserstein === 0 ? 0 : wasserstein / scale;
}
