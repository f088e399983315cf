import { kolmogorovTail } from '../distributions/kolmogorov.js';
import { proportions, type Counts } from '../distance/proportions.js';

export interface HistogramKs {
  /** Largest difference at the edges: never more than D of the raw values. */
  readonly statistic: number;
  /** D of the raw values is at most this; the gap is never wider than the largest share of a reference bin. */
  readonly upperBound: number;
  /** Of the statistic by the finite-n distribution; conservative, because fewer points are compared. */
  readonly pValue: number;
  /** Bin after whose upper edge the difference is largest. */
  readonly bin: number;
}

/**
 * Two-sample Kolmogorov-Smirnov from counts in the same ascending bins (without the NaN bin): O(bins), whatever the
 * number of values. Inside of a bin the difference can grow by no more than that bin's share, hence the bound.
 * @throws UsageError `drift.counts`
 */
export function histogramKs(
  reference: Counts,
  current: Counts,
  effective: { readonly reference?: number; readonly current?: number } = {},
): HistogramKs {
  const { e, a, n, m } = proportions(reference, current);
  let [f, g, statistic, upperBound, bin] = [0, 0, 0, 0, 0];
  for (let i = 0; i < e.length; i++) {
    const nextF = f + (e[i] ?? 0);
    const nextG = g + (a[i] ?? 0);
    upperBound = Math.max(upperBound, nextF - g, nextG - f);
    if (Math.abs(nextF - nextG) > statistic) {
      statistic = Math.abs(nextF - nextG);
      bin = i;
    }
    f = nextF;
    g = nextG;
  }
  const [one, two] = [effective.reference ?? n, effective.current ?? m];
  const size = Math.max(1, Math.round((one * two) / (one + two)));
  return { statistic, upperBound: Math.min(1, upperBound), pValue: kolmogorovTail(size, Math.min(1, statistic)), bin };
}
