import { UsageError } from '@edge-blueprints/contracts';
import { mergeCounts, sumOf, type Histogram } from './histogram.js';

export interface UniformHistogramOptions {
  readonly low: number;
  readonly high: number;
  /** 64 unless told otherwise. */
  readonly bins?: number;
}

/**
 * Bins of one width between `low` and `high`, both included: bin 0 is below, 1..bins are [edge, next edge), bins + 1 is
 * above, bins + 2 is NaN. For values of a known range, as confidences are.
 * @throws UsageError `drift.bins` when the range is empty or the number of bins is none
 */
export function createUniformHistogram({ low, high, bins = 64 }: UniformHistogramOptions): Histogram {
  if (!(Number.isInteger(bins) && bins > 0 && high > low && Number.isFinite(high - low)))
    throw new UsageError('drift.bins', `A range low < high and bins >= 1 were expected, got ${low}, ${high}, ${bins}.`);
  const counts = new Float64Array(bins + 3);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const scale = bins / (high - low);
  /** Rare: outside of the range, its very end, or NaN. */
  const outside = (value: number): number => {
    if (value < low) return 0;
    if (value > high) return bins + 1;
    return value <= high ? bins : bins + 2;
  };
  const add = (value: number): void => {
    const x = (value - low) * scale;
    const bin = x >= 0 && x < bins ? 1 + (x | 0) : outside(value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  const histogram: Histogram = {
    binCount: bins + 3,
    edges,
    binOf(value) {
      const x = (value - low) * scale;
      return x >= 0 && x < bins ? 1 + (x | 0) : outside(value);
    },
    add,
    addAll(values) {
      for (let i = 0; i < values.length; i++) add(values[i] ?? 0);
    },
    counts: () => counts,
    total: () => sumOf(counts),
    merge: (other) => mergeCounts(histogram, counts, other),
    reset: () => void counts.fill(0),
  };
  return histogram;
}
