import { proportions, type Counts } from './proportions.js';

export interface HistogramDistances {
  /** Jensen-Shannon divergence in bits, 0 to 1. */
  readonly jensenShannonBits: number;
  /** Its square root, a metric. */
  readonly jensenShannonDistance: number;
  /** Hellinger distance, 0 to 1, a metric. */
  readonly hellinger: number;
}

/**
 * Jensen-Shannon (Lin 1991) and Hellinger between two histograms of the same bins. Counts or proportions. Symmetric, no
 * smoothing: an empty bin adds nothing by itself.
 * @throws UsageError `drift.counts`
 */
export function histogramDistances(reference: Counts, current: Counts): HistogramDistances {
  const { e, a } = proportions(reference, current);
  let bits = 0;
  let squares = 0;
  for (let i = 0; i < e.length; i++) {
    const p = e[i] ?? 0;
    const q = a[i] ?? 0;
    const middle = (p + q) / 2;
    if (p > 0) bits += (p * Math.log2(p / middle)) / 2;
    if (q > 0) bits += (q * Math.log2(q / middle)) / 2;
    squares += (Math.sqrt(p) - Math.sqrt(q)) ** 2;
  }
  const divergence = Math.min(1, Math.max(0, bits));
  return {
    jensenShannonBits: divergence,
    jensenShannonDistance: Math.sqrt(divergence),
    hellinger: Math.min(1, Math.sqrt(squares / 2)),
  };
}
