import type { Samples } from '../accumulators/histogram.js';

export interface LargestDifference {
  /** n m D, a whole number: no rounding decides whether two differences are equal. */
  readonly most: number;
  /** Value at which it is reached first. */
  readonly at: number;
  /** Of F1 - F2 there. */
  readonly sign: -1 | 0 | 1;
}

/** Values of the first sample between two cuts. */
const block = 64;
const mergeWholeBelow = 4096;

interface Extremes {
  most: number;
  mostAt: number;
  least: number;
  leastAt: number;
}

/**
 * sup |F1 - F2| of two ascending samples. From one cut to the next the difference cannot leave
 * [i0 m - j1 n, i1 m - j0 n], so only stretches that could hold the largest one are merged value by value: at a million
 * values that is a small part of them.
 */
export function largestDifference(a: Samples, b: Samples): LargestDifference {
  const n = a.length;
  const extremes: Extremes = { most: 0, mostAt: 0, least: 0, leastAt: 0 };
  if (n < mergeWholeBelow) mergeStretch(a, b, 0, n, 0, extremes);
  else mergeWherePossible(a, b, extremes);
  const { most, mostAt, least, leastAt } = extremes;
  if (most === 0 && least === 0) return { most: 0, at: Number(a[0]), sign: 0 };
  return most >= -least ? { most, at: mostAt, sign: 1 } : { most: -least, at: leastAt, sign: -1 };
}

function mergeWherePossible(a: Samples, b: Samples, extremes: Extremes): void {
  const [n, m] = [a.length, b.length];
  const cutsA = new Uint32Array(Math.ceil(n / block) + 1);
  const cutsB = new Uint32Array(cutsA.length);
  let cuts = 1;
  let reached = 0;
  for (let i = block; i < n; i += block) {
    const value = a[i] ?? 0;
    // Cuts lie before a value and all that equal it.
    const cutA = lowerBound(a, value, cutsA[cuts - 1] ?? 0);
    if (cutA === cutsA[cuts - 1]) continue;
    const cutB = lowerBound(b, value, cutsB[cuts - 1] ?? 0);
    cutsA[cuts] = cutA;
    cutsB[cuts] = cutB;
    cuts += 1;
    reached = Math.max(reached, Math.abs(cutA * m - cutB * n));
  }
  cutsA[cuts] = n;
  cutsB[cuts] = m;
  for (let cut = 0; cut < cuts; cut++) {
    const [i0, i1] = [cutsA[cut] ?? 0, cutsA[cut + 1] ?? n];
    const [j0, j1] = [cutsB[cut] ?? 0, cutsB[cut + 1] ?? m];
    if (Math.max(i1 * m - j0 * n, j1 * n - i0 * m) >= reached) mergeStretch(a, b, i0, i1, j0, extremes);
  }
}

/**
 * F1 - F2 is largest right after a value of the first sample and smallest right before one: only those places are looked
 * at, ties of both sides passed.
 */
function mergeStretch(a: Samples, b: Samples, from: number, to: number, fromB: number, extremes: Extremes): void {
  const [n, m] = [a.length, b.length];
  let { most, mostAt, least, leastAt } = extremes;
  let j = fromB;
  for (let i = from; i < to; i++) {
    const value = a[i] ?? 0;
    while (j < m && (b[j] ?? 0) < value) j += 1;
    if (i * m - j * n < least) {
      least = i * m - j * n;
      leastAt = b[j - 1] ?? 0;
    }
    // After the last of equal ones only: the ties of the other side are passed once.
    if ((i + 1) * m - j * n > most && (i + 1 === n || a[i + 1] !== value)) {
      let ties = j;
      while (ties < m && b[ties] === value) ties += 1;
      const difference = (i + 1) * m - ties * n;
      if (difference > most) {
        most = difference;
        mostAt = value;
      }
    }
  }
  extremes.most = most;
  extremes.mostAt = mostAt;
  extremes.least = least;
  extremes.leastAt = leastAt;
}

/** First index from `from` on whose value is not below `value`: doubling steps, then bisection. */
function lowerBound(values: Samples, value: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step <= values.length && (values[low + step - 1] ?? 0) < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(values.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
