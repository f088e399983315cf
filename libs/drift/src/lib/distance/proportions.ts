import { UsageError } from '@edge-blueprints/contracts';

/** Counts of bins. */
export type Counts = Float64Array | readonly number[];

/** Both shares of each bin, after the same number of bins, no negative count and a total above 0 were checked. */
export function proportions(
  reference: Counts,
  current: Counts,
): { readonly e: Float64Array; readonly a: Float64Array; readonly n: number; readonly m: number } {
  const n = checkedTotal(reference, 'reference');
  const m = checkedTotal(current, 'current');
  if (reference.length !== current.length)
    throw new UsageError(
      'drift.counts',
      `Counts of ${reference.length} and ${current.length} bins cannot be compared; bin both with the frozen edges.`,
    );
  return {
    e: Float64Array.from(reference, (count) => count / n),
    a: Float64Array.from(current, (count) => count / m),
    n,
    m,
  };
}

/** @throws UsageError `drift.counts` */
export function checkedTotal(counts: Counts, what: string): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (!(count >= 0)) throw new UsageError('drift.counts', `Count ${i} of ${what} is ${count}; counts are 0 or more.`);
    total += count;
  }
  if (!(total > 0 && total < Infinity))
    throw new UsageError(
      'drift.counts',
      `The counts of ${what} sum to ${total}; a comparison needs at least one value.`,
    );
  return total;
}
