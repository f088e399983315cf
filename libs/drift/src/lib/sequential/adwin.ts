import { UsageError } from '@edge-blueprints/contracts';
import { createExponentialBuckets } from './exponential-buckets.js';
import type { SequentialDetector } from './sequential-detector.js';

export interface AdwinOptions {
  /** Bound of the chance of a false cut at one check. See `adwinDelta`. */
  readonly delta: number;
  /** Samples from check to check. */
  readonly clock: number;
  /** Buckets of one size before the two oldest become one of twice the size. */
  readonly maxBuckets: number;
  /** Least samples on either side of a cut. */
  readonly minimumWindow: number;
}

export const adwinDefaults: AdwinOptions = { delta: 0.002, clock: 32, maxBuckets: 5, minimumWindow: 5 };

export interface Adwin extends SequentialDetector {
  /** Samples in the window, its mean and variance. */
  readonly samples: number;
  readonly mean: number;
  readonly variance: number;
}

/** No check before this many samples. */
const graceSamples = 10;

/**
 * Adaptive window: keeps as much of the past as agrees with the present, in O(log samples) memory. A detection drops the old part
 * and keeps the new one. Cut where |mean0 - mean1| > sqrt(2/m var ln(2/d')) + 2/(3m) ln(2/d'), 1/m = 1/n0 + 1/n1, d' = delta / ln n.
 * Detects changes of the mean only. The bound is conservative: false alarms are far rarer than delta.
 * @see Bifet, A., Gavalda, R. (2007), Learning from time-changing data with adaptive windowing, SIAM SDM, 443-448
 * @throws UsageError `drift.adwin`
 */
export function createAdwin(options: Partial<AdwinOptions> = {}): Adwin {
  const { delta, clock, maxBuckets, minimumWindow } = { ...adwinDefaults, ...options };
  if (!(delta > 0 && delta < 1 && clock >= 1 && maxBuckets >= 2 && minimumWindow >= 1))
    throw new UsageError(
      'drift.adwin',
      `ADWIN needs 0 < delta < 1, clock >= 1, maxBuckets >= 2, minimumWindow >= 1, got ${JSON.stringify(options)}.`,
    );
  const buckets = createExponentialBuckets(maxBuckets);
  let ticks = 0;
  let samplesSinceChange = 0;

  /** True when some border between two buckets separates two different means. */
  const disagrees = (): boolean => {
    const log = Math.log((2 * Math.log(buckets.samples)) / delta);
    const variance = buckets.variance;
    return buckets.someBorder((n0, sum0) => {
      const n1 = buckets.samples - n0;
      if (n0 < minimumWindow || n1 < minimumWindow) return false;
      const m = 1 / (1 / n0 + 1 / n1);
      const bound = Math.sqrt((2 / m) * variance * log) + (2 / (3 * m)) * log;
      return Math.abs(sum0 / n0 - (buckets.sum - sum0) / n1) > bound;
    });
  };

  return {
    update(value) {
      if (!Number.isFinite(value))
        throw new UsageError('drift.adwin', `ADWIN needs finite values, got ${value}; leave such samples out.`);
      buckets.add(value);
      ticks += 1;
      if (ticks % clock !== 0 || buckets.samples <= graceSamples) return false;
      let detected = false;
      while (disagrees()) {
        buckets.dropOldest();
        detected = true;
      }
      if (detected) samplesSinceChange = buckets.samples;
      return detected;
    },
    get samples() {
      return buckets.samples;
    },
    get mean() {
      return buckets.samples === 0 ? 0 : buckets.sum / buckets.samples;
    },
    get variance() {
      return buckets.variance;
    },
    get samplesSinceChange() {
      return samplesSinceChange;
    },
    reset() {
      buckets.clear();
      ticks = 0;
      samplesSinceChange = 0;
    },
  };
}
