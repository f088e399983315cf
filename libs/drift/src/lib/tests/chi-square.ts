import { UsageError } from '@edge-blueprints/contracts';
import { checkedTotal, type Counts } from '../distance/proportions.js';
import { chiSquareTail } from '../distributions/chi-square.js';

export interface ChiSquareResult {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
  /** Smallest expected count; below 5 the p-value is rough. */
  readonly leastExpected: number;
}

/**
 * Goodness of fit: counts against known proportions (or expected counts, rescaled to the same total). Bins that expect
 * nothing must hold nothing.
 * @throws UsageError `drift.counts`
 */
export function chiSquareFit(counts: Counts, expected: Counts): ChiSquareResult {
  const m = checkedTotal(counts, 'current');
  const total = checkedTotal(expected, 'expected');
  if (counts.length !== expected.length)
    throw new UsageError('drift.counts', `${counts.length} counts cannot be compared with ${expected.length}.`);
  let [statistic, bins, leastExpected] = [0, 0, Infinity];
  for (let i = 0; i < counts.length; i++) {
    const wanted = ((expected[i] ?? 0) * m) / total;
    const seen = counts[i] ?? 0;
    if (wanted === 0 && seen === 0) continue;
    bins += 1;
    leastExpected = Math.min(leastExpected, wanted);
    statistic += wanted === 0 ? Infinity : (seen - wanted) ** 2 / wanted;
  }
  return result(statistic, bins - 1, leastExpected);
}

/**
 * Contingency table of one row a sample and one column a category: were the samples drawn from one distribution? Pearson's
 * statistic without continuity correction. Categories nobody saw are left out.
 * @throws UsageError `drift.counts`
 */
export function chiSquareContingency(rows: readonly Counts[]): ChiSquareResult {
  const totals = rows.map((row, i) => checkedTotal(row, `row ${i}`));
  const columns = rows[0]?.length ?? 0;
  if (rows.length < 2 || rows.some((row) => row.length !== columns))
    throw new UsageError('drift.counts', 'A contingency table needs at least two rows of the same number of columns.');
  const total = totals.reduce((sum, n) => sum + n, 0);
  let [statistic, used, leastExpected] = [0, 0, Infinity];
  for (let column = 0; column < columns; column++) {
    const seen = rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);
    if (seen === 0) continue;
    used += 1;
    for (const [i, row] of rows.entries()) {
      const wanted = (seen * (totals[i] ?? 0)) / total;
      leastExpected = Math.min(leastExpected, wanted);
      statistic += ((row[column] ?? 0) - wanted) ** 2 / wanted;
    }
  }
  return result(statistic, (rows.length - 1) * (used - 1), leastExpected);
}

function result(statistic: number, degrees: number, leastExpected: number): ChiSquareResult {
  return { statistic, degrees, pValue: degrees > 0 ? chiSquareTail(statistic, degrees) : 1, leastExpected };
}
