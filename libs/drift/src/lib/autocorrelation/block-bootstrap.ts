import { UsageError, type Random } from '@edge-blueprints/contracts';

export interface BlockBootstrapOptions {
  /** The reference in the order of time. */
  readonly reference: ArrayLike<number>;
  /** Samples in a current window. */
  readonly windowSamples: number;
  /** Length of a block: several autocorrelation times. Too short makes the null too narrow, too long leaves few blocks. */
  readonly blockSamples: number;
  readonly rounds: number;
  readonly random: Random;
  /** Larger means further apart. Both arrays are reused from round to round and may be sorted in place. */
  readonly statistic: (reference: Float64Array, window: Float64Array) => number;
}

export interface BootstrapNull {
  /** The statistic of each round, ascending. */
  readonly sorted: Float64Array;
  /** (1 + rounds that reached it) / (1 + rounds): never 0. */
  pValue(statistic: number): number;
  /** What the statistic reaches with probability alpha when nothing changed. */
  threshold(alpha: number): number;
}

/**
 * The null distribution of any two-sample statistic for correlated samples: a reference and a window are both drawn anew from
 * the reference in blocks of neighbours (moving block bootstrap), so that correlation within a block, and the error of a
 * finite reference, are in it.
 * @see Kuensch, H. R. (1989), The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17, 1217-1241
 * @throws UsageError `drift.bootstrap`
 */
export function movingBlockBootstrap(options: BlockBootstrapOptions): BootstrapNull {
  const { reference, windowSamples, blockSamples, rounds, random, statistic } = options;
  const n = reference.length;
  if (!(blockSamples >= 1 && blockSamples * 2 <= n && windowSamples >= 1 && rounds >= 1))
    throw new UsageError(
      'drift.bootstrap',
      `Block bootstrap of a window of ${windowSamples} in blocks of ${blockSamples}, ${rounds} rounds, reference ${n}: each must be ` +
        'at least 1, and the reference at least two blocks long.',
    );
  const drawnReference = new Float64Array(n);
  const drawnWindow = new Float64Array(windowSamples);
  const draw = (into: Float64Array): void => {
    for (let filled = 0; filled < into.length; filled += blockSamples) {
      const from = random.integer(0, n - blockSamples);
      const length = Math.min(blockSamples, into.length - filled);
      for (let i = 0; i < length; i++) into[filled + i] = reference[from + i] ?? 0;
    }
  };
  const sorted = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    draw(drawnReference);
    draw(drawnWindow);
    sorted[round] = statistic(drawnReference, drawnWindow);
  }
  sorted.sort();
  return {
    sorted,
    pValue: (value) => (1 + rounds - countBelow(sorted, value)) / (1 + rounds),
    threshold: (alpha) => sorted[Math.min(rounds - 1, Math.max(0, Math.ceil((1 - alpha) * (rounds + 1)) - 1))] ?? NaN,
  };
}

/** Values of the sorted array that are smaller than `value`. */
function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
