import { UsageError } from '@edge-blueprints/contracts';

/** Values that an accumulator takes at once. */
export type Samples = Float64Array | Float32Array | readonly number[];

/** Which bin a value belongs to. The last bin is NaN's own. */
export interface Binning {
  readonly binCount: number;
  /** Edges between the bins of numbers, ascending: one fewer than those bins. */
  readonly edges: Float64Array;
  binOf(value: number): number;
}

/**
 * Counts in fixed bins. `add` allocates nothing. Two histograms of the same edges merge without error:
 * merge(a, b) is the histogram of both streams.
 */
export interface Histogram extends Binning {
  add(value: number): void;
  addAll(values: Samples): void;
  /** Live counts of all bins, NaN's last; changed by the next `add`. Exact up to 2^53. */
  counts(): Float64Array;
  total(): number;
  /** @throws UsageError `drift.edges-differ` when the other has other edges */
  merge(other: Binning & { counts(): Float64Array }): void;
  reset(): void;
}

/** Adds the counts of `other` to those of `own`, after both were seen to have the same bins. */
export function mergeCounts(own: Binning, counts: Float64Array, other: Binning & { counts(): Float64Array }): void {
  const same = own.edges.length === other.edges.length && own.edges.every((edge, i) => edge === other.edges[i]);
  if (!same || own.binCount !== other.binCount)
    throw new UsageError(
      'drift.edges-differ',
      `Histograms of different edges cannot be merged (${own.edges.length} and ${other.edges.length} edges); bin both with one frozen reference.`,
    );
  const added = other.counts();
  for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + (added[i] ?? 0);
}

export function sumOf(counts: Float64Array | readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i] ?? 0;
  return sum;
}
