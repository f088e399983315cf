import { logGamma } from '../distributions/gamma.js';

export interface CategoryTestResult {
  /** Largest difference of a category's shares. */
  readonly statistic: number;
  readonly pValue: number;
  /** The category whose share moved least by chance. */
  readonly category: number;
  /** Half the sum of the share differences: the share of parts that would have to change category. */
  readonly totalVariation: number;
}

/**
 * Shares of categories against those of the reference: each against all others by the exact hypergeometric test, two-sided on the difference
 * of the shares, times the number of categories. `lottery` (uniform in [0, 1)) decides the step of a discrete p-value, so that the
 * level is exact for two categories.
 * @param reference counts, as many as `window`
 */
export function categoryTest(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
  lottery: number,
): CategoryTestResult {
  const n = sum(reference);
  const m = sum(window);
  // Of two categories one follows from the other.
  const tests = reference.length === 2 ? 1 : reference.length;
  let best = { pValue: Infinity, category: 0, statistic: 0 };
  let distance = 0;
  for (let i = 0; i < reference.length; i++) {
    const [a, b] = [reference[i] ?? 0, window[i] ?? 0];
    const difference = Math.abs(b / m - a / n);
    distance += difference / 2;
    if (i >= tests) continue;
    const pValue = Math.min(1, tests * sharePValue(n, m, a, b, lottery));
    if (pValue < best.pValue) best = { pValue, category: i, statistic: difference };
  }
  return { ...best, totalVariation: distance };
}

/** P(shares differ more) + lottery P(they differ as much), given a + b of n + m. */
function sharePValue(n: number, m: number, a: number, b: number, lottery: number): number {
  const hits = a + b;
  const reach = Math.abs(b * n - a * m);
  const whole = logChoose(n + m, hits);
  let p = 0;
  for (let k = Math.max(0, hits - n); k <= Math.min(m, hits); k++) {
    const distance = Math.abs(k * n - (hits - k) * m);
    if (distance < reach) continue;
    const chance = Math.exp(logChoose(m, k) + logChoose(n, hits - k) - whole);
    p += distance === reach ? lottery * chance : chance;
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] ?? 0;
  return total;
}
