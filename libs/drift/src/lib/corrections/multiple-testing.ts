import { UsageError } from '@edge-blueprints/contracts';

/**
 * Adjusted p-values of m tests: reject those at most alpha. `bonferroni` and `holm` bound the chance of any false alarm
 * (use for alarms; holm is never weaker); `benjamini-hochberg` bounds the expected share of false ones among the
 * rejected (use for reports), for independent or positively dependent tests.
 * @see Holm 1979; Benjamini and Hochberg 1995
 */
export type Correction = 'bonferroni' | 'holm' | 'benjamini-hochberg';

/** @throws UsageError `drift.p-values` for a value that is no probability */
export function adjustPValues(pValues: readonly number[], correction: Correction): readonly number[] {
  const wrong = pValues.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong >= 0)
    throw new UsageError('drift.p-values', `p-value ${wrong} is ${pValues[wrong]}; a probability was expected.`);
  const m = pValues.length;
  if (correction === 'bonferroni') return pValues.map((p) => Math.min(1, p * m));
  const ascending = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const adjusted = pValues.map(() => 1);
  let bound = correction === 'holm' ? 0 : 1;
  for (let step = 0; step < m; step++) {
    const rank = correction === 'holm' ? step : m - 1 - step;
    const index = ascending[rank] ?? 0;
    const p = pValues[index] ?? 1;
    bound = correction === 'holm' ? Math.max(bound, p * (m - rank)) : Math.min(bound, (p * m) / (rank + 1));
    adjusted[index] = Math.min(1, bound);
  }
  return adjusted;
}
