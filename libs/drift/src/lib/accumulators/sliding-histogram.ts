import { UsageError } from '@edge-blueprints/contracts';
import type { Binning, Samples } from './histogram.js';

/** Histogram of the last `window` values. `add` allocates nothing and costs the same however long the window is. */
export interface SlidingHistogram extends Binning {
  add(value: number): void;
  addAll(values: Samples): void;
  /** Live counts; they sum to `size()`. */
  counts(): Float64Array;
  /** Values held, `window` at most. */
  size(): number;
  reset(): void;
}

/** @throws UsageError `drift.window` when the window is not a whole number of at least 1 */
export function createSlidingHistogram(binning: Binning, window: number): SlidingHistogram {
  if (!(Number.isInteger(window) && window > 0))
    throw new UsageError('drift.window', `A window of at least 1 value was expected, got ${window}.`);
  const { binCount, edges } = binning;
  const counts = new Float64Array(binCount);
  const ring = new Uint16Array(window);
  let held = 0;
  let next = 0;
  const add = (value: number): void => {
    const bin = binning.binOf(value);
    if (held === window) {
      const oldest = ring[next] ?? 0;
      counts[oldest] = (counts[oldest] ?? 0) - 1;
    } else held += 1;
    ring[next] = bin;
    next = next + 1 === window ? 0 : next + 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  return {
    binCount,
    edges,
    binOf: (value) => binning.binOf(value),
    add,
    addAll(values) {
      for (let i = 0; i < values.length; i++) add(values[i] ?? 0);
    },
    counts: () => counts,
    size: () => held,
    reset() {
      counts.fill(0);
      held = 0;
      next = 0;
    },
  };
}
