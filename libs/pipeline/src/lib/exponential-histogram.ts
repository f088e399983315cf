import { UsageError } from '@edge-blueprints/contracts';
import type { ExponentialHistogram } from '@edge-blueprints/contracts';
import { samplesForQuantile } from './latency-histogram.js';

/** Buckets that one histogram may have, as in the OpenTelemetry SDKs. */
export const exponentialBuckets = 160;

/** Quantiles in the unit of the values, each null where the count cannot support it (see `samplesForQuantile`). */
export interface ExponentialSnapshot {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Takes values of zero and above; scales itself to their range. */
export interface ExponentialRecorder {
  /** A negative value counts as 0. @throws UsageError `pipeline.histogram-value` for what is not finite */
  record(value: number): void;
  snapshot(): ExponentialHistogram;
  /** Empties it and returns what it held: one report's share. */
  take(): ExponentialHistogram;
}

export const emptyExponential: ExponentialHistogram = {
  scale: 20,
  zeroCount: 0,
  offset: 0,
  counts: [],
  sum: 0,
  min: 0,
  max: 0,
};

/**
 * The base-2 exponential histogram of OpenTelemetry: bucket i holds (base^i, base^(i+1)], base = 2^(2^-scale).
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function createExponentialHistogram(maxBuckets = exponentialBuckets): ExponentialRecorder {
  let counts = new Map<number, number>();
  let { scale, zeroCount, sum, min, max } = emptyExponential;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let count = 0;
  const snapshot = (): ExponentialHistogram => ({
    scale,
    zeroCount,
    offset: counts.size === 0 ? 0 : low,
    counts: counts.size === 0 ? [] : Array.from({ length: high - low + 1 }, (_, i) => counts.get(low + i) ?? 0),
    sum,
    min,
    max,
  });
  const coarsen = (steps: number): void => {
    const width = 2 ** steps;
    const coarse = new Map<number, number>();
    for (const [i, n] of counts) coarse.set(Math.floor(i / width), (coarse.get(Math.floor(i / width)) ?? 0) + n);
    counts = coarse;
    scale -= steps;
    low = Math.floor(low / width);
    high = Math.floor(high / width);
  };
  return {
    record(given) {
      if (!Number.isFinite(given))
        throw new UsageError('pipeline.histogram-value', `A histogram takes finite numbers, got ${given}.`);
      const value = Math.max(0, given);
      min = count === 0 ? value : Math.min(min, value);
      max = count === 0 ? value : Math.max(max, value);
      sum += value;
      count += 1;
      if (value === 0) {
        zeroCount += 1;
        return;
      }
      let index = bucketIndex(value, scale);
      const steps = stepsToFit(Math.min(low, index), Math.max(high, index), maxBuckets);
      if (steps > 0) {
        coarsen(steps);
        index = Math.floor(index / 2 ** steps);
      }
      low = Math.min(low, index);
      high = Math.max(high, index);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    },
    snapshot,
    take() {
      const held = snapshot();
      counts = new Map();
      ({ scale, zeroCount, sum, min, max } = emptyExponential);
      low = Number.POSITIVE_INFINITY;
      high = Number.NEGATIVE_INFINITY;
      count = 0;
      return held;
    },
  };
}

/** Number of values in a histogram. */
export function exponentialCount({ zeroCount, counts }: ExponentialHistogram): number {
  return counts.reduce((sum, n) => sum + n, zeroCount);
}

/**
 * The histogram of both sets of values, at the coarser of the two scales, or coarser still where the range needs more than
 * `maxBuckets`. Exact: no value changes the bucket that it would have got when recorded at that scale.
 */
export function mergeExponential(
  a: ExponentialHistogram,
  b: ExponentialHistogram,
  maxBuckets = exponentialBuckets,
): ExponentialHistogram {
  if (exponentialCount(a) === 0) return b;
  if (exponentialCount(b) === 0) return a;
  const whole = {
    zeroCount: a.zeroCount + b.zeroCount,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
  // All values of one side may be zeros; its scale then says nothing.
  const filled = [a, b].filter((side) => side.counts.some((n) => n > 0)).map(trim);
  const scale = Math.min(...filled.map((side) => side.scale));
  const sides = filled.map((side) => downscaleExponential(side, side.scale - scale));
  const low = Math.min(...sides.map((side) => side.offset));
  const high = Math.max(...sides.map((side) => side.offset + side.counts.length - 1));
  if (filled.length === 0) return { ...emptyExponential, ...whole };
  const steps = stepsToFit(low, high, maxBuckets);
  const width = 2 ** steps;
  const offset = Math.floor(low / width);
  const counts = new Array<number>(Math.floor(high / width) - offset + 1).fill(0);
  for (const side of sides) {
    side.counts.forEach((n, i) => {
      const index = Math.floor((side.offset + i) / width) - offset;
      counts[index] = (counts[index] ?? 0) + n;
    });
  }
  return { ...whole, scale: scale - steps, offset, counts };
}

/** Joins 2^steps neighbouring buckets into one: exactly the histogram of the same values at `scale - steps`. */
export function downscaleExponential(histogram: ExponentialHistogram, steps: number): ExponentialHistogram {
  if (steps <= 0) return histogram;
  const width = 2 ** steps;
  const offset = Math.floor(histogram.offset / width);
  const last = Math.floor((histogram.offset + histogram.counts.length - 1) / width);
  const counts = new Array<number>(Math.max(0, last - offset + 1)).fill(0);
  histogram.counts.forEach((n, i) => {
    const index = Math.floor((histogram.offset + i) / width) - offset;
    counts[index] = (counts[index] ?? 0) + n;
  });
  return { ...histogram, scale: histogram.scale - steps, offset, counts };
}

/**
 * The value of nearest rank ceil(q * count), within the bucket that holds it: off by at most the factor base^(1/2), which is
 * 4.4 % at scale 3 and 0.3 % at scale 7.
 * @param q 0 to 1
 * @returns null for an empty histogram
 */
export function exponentialQuantile(histogram: ExponentialHistogram, q: number): number | null {
  const { zeroCount, counts, offset, scale, min, max } = histogram;
  const count = exponentialCount(histogram);
  if (count === 0) return null;
  const rank = Math.max(1, Math.ceil(q * count));
  if (rank <= zeroCount) return 0;
  let seen = zeroCount;
  for (const [i, n] of counts.entries()) {
    seen += n;
    if (seen >= rank) return Math.min(max, Math.max(min, 2 ** ((offset + i + 0.5) / 2 ** scale)));
  }
  return max;
}

/** The quantiles that the count supports. */
export function exponentialSnapshot(histogram: ExponentialHistogram): ExponentialSnapshot {
  const count = exponentialCount(histogram);
  const quantile = (q: number, needed: number): number | null =>
    count < needed ? null : exponentialQuantile(histogram, q);
  return {
    count,
    p50: quantile(0.5, samplesForQuantile.p50),
    p95: quantile(0.95, samplesForQuantile.p95),
    p99: quantile(0.99, samplesForQuantile.p99),
    max: count === 0 ? null : histogram.max,
  };
}

/** Values in buckets that lie wholly above a limit: never more than there really are. */
export function exponentialAbove(histogram: ExponentialHistogram, limit: number): number {
  const { counts, offset, scale } = histogram;
  return counts.reduce((sum, n, i) => (2 ** ((offset + i) / 2 ** scale) >= limit ? sum + n : sum), 0);
}

/** Index of the bucket that holds a value above 0. */
export function bucketIndex(value: number, scale: number): number {
  const factor = 2 ** scale;
  const guess = Math.ceil(Math.log2(value) * factor) - 1;
  // The logarithm may be off in its last digit: a value on an edge belongs below it.
  if (value <= 2 ** (guess / factor)) return guess - 1;
  return value > 2 ** ((guess + 1) / factor) ? guess + 1 : guess;
}

function stepsToFit(low: number, high: number, maxBuckets: number): number {
  let steps = 0;
  while (Math.floor(high / 2 ** steps) - Math.floor(low / 2 ** steps) >= maxBuckets) steps += 1;
  return steps;
}

function trim(histogram: ExponentialHistogram): ExponentialHistogram {
  const first = histogram.counts.findIndex((n) => n > 0);
  const last = histogram.counts.findLastIndex((n) => n > 0);
  return { ...histogram, offset: histogram.offset + first, counts: histogram.counts.slice(first, last + 1) };
}
