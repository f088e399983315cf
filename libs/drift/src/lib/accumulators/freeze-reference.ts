import {
  UsageError,
  driftReferenceLimits,
  driftReferenceSchema,
  type DriftReference,
} from '@edge-blueprints/contracts';
import { integratedAutocorrelationTime } from '../autocorrelation/integrated-autocorrelation-time.js';
import type { Samples } from './histogram.js';
import { createMoments } from './moments.js';
import { createQuantileHistogram } from './quantile-histogram.js';
import { createReservoir } from './reservoir.js';

export interface FreezeOptions {
  /** Bins of the reference quantiles; fewer come out where values repeat. 10 unless told otherwise. */
  readonly bins?: number;
  /** Computed from the values, which then must stand in their order of time, unless given; 1 says independent. */
  readonly autocorrelationTime?: number;
  /** Values kept for exact tests; all where there are no more. 1,000 unless told otherwise. */
  readonly sampleSize?: number;
  /** Of the random subset. */
  readonly seed?: number;
}

/** Values that a bin of the reference must hold on average, so that chi-square calibration means something. */
const leastPerBin = 5;

/**
 * Freezes what a feature looks like now into what every later window is compared with. Edges are the inverse of the
 * empirical distribution at k / bins, duplicates merged. A value that repeats so often at an end that it is an edge itself
 * gets a bin of its own, so that new values beyond it show; that end bin is then empty in the reference.
 * @throws UsageError `drift.reference` for infinite values, fewer than 5 values per bin, or options out of range
 */
export function freezeReference(values: Samples, options: FreezeOptions = {}): DriftReference {
  const { bins = 10, sampleSize = 1000, seed = 1 } = options;
  const numbers = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const sorted = numbers.slice().sort();
  const [min, max] = [sorted[0] ?? Number.NaN, sorted[sorted.length - 1] ?? Number.NaN];
  const problems = [
    !(Number.isInteger(bins) && bins >= 2 && bins < driftReferenceLimits.edges) &&
      `bins must be a whole number from 2 to ${driftReferenceLimits.edges - 1}, got ${bins}`,
    options.autocorrelationTime !== undefined &&
      !(options.autocorrelationTime >= 1) &&
      `autocorrelationTime must be at least 1, got ${options.autocorrelationTime}`,
    !(Number.isInteger(sampleSize) && sampleSize >= 2 && sampleSize <= driftReferenceLimits.sample) &&
      `sampleSize must be a whole number from 2 to ${driftReferenceLimits.sample}, got ${sampleSize}`,
    sorted.length < leastPerBin * bins &&
      `${sorted.length} values are too few for ${bins} bins; give ${leastPerBin * bins} or ask for fewer bins`,
    sorted.length > 0 && !(Number.isFinite(min) && Number.isFinite(max)) && 'values hold infinities',
  ].filter((problem) => problem !== false);
  if (problems.length > 0)
    throw new UsageError('drift.reference', `A reference cannot be frozen: ${problems.join('; ')}.`);

  const edges: number[] = [];
  for (let k = 1; k < bins; k++) {
    const edge = sorted[Math.ceil((k * sorted.length) / bins) - 1] ?? max;
    if (edges.length === 0 && edge === min) edges.push(nextBelow(min));
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  const histogram = createQuantileHistogram(edges);
  histogram.addAll(values);
  const counts = [...histogram.counts()];
  const nanCount = counts.pop() ?? 0;
  const moments = createMoments();
  moments.addAll(numbers);
  const reservoir = createReservoir(Math.min(sampleSize, sorted.length), seed);
  reservoir.addAll(numbers);
  return driftReferenceSchema.parse({
    format: 'edge-drift-reference/1',
    n: values.length,
    nanCount,
    mean: moments.mean(),
    std: Math.sqrt(moments.variance()),
    min,
    max,
    median: sortedQuantile(sorted, 0.5),
    iqr: sortedQuantile(sorted, 0.75) - sortedQuantile(sorted, 0.25),
    autocorrelationTime: options.autocorrelationTime ?? autocorrelationOf(numbers),
    edges,
    counts,
    sample: [...reservoir.values().sort()],
  } satisfies DriftReference);
}

function autocorrelationOf(numbers: Float64Array): number {
  // Below 20 values it cannot be told; the caller gives it or they count as independent.
  return numbers.length < 20 ? 1 : integratedAutocorrelationTime(numbers).samples;
}

/** Quantile of ascending values with linear interpolation between order statistics (type 7, the default of numpy). */
export function sortedQuantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** The greatest double below a finite one. */
function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? -1n : 1n);
  return double[0];
}
