import {
  UsageError,
  createRandom,
  embeddingReferenceSchema,
  type EmbeddingReference,
} from '@edge-blueprints/contracts';
import { chiSquareTail } from '../distributions/chi-square.js';
import { rowsOf, type Embeddings } from './embeddings.js';
import { medianBandwidth } from './maximum-mean-discrepancy.js';

/** Sums of random features of the embeddings since the last reset. `add` allocates nothing; sums merge by addition. */
export interface FeatureSums {
  /** One embedding. One with a value that is not finite is counted in `refused()` and not added. */
  add(row: Float32Array | Float64Array): void;
  count(): number;
  refused(): number;
  /** Live sums, 2 x directions of them. */
  sums(): Float64Array;
  /** @throws UsageError `drift.embeddings` for another number of sums */
  merge(other: { readonly count: number; readonly sums: Float64Array | readonly number[] }): void;
  reset(): void;
}

export interface FeatureMmd {
  /** Unbiased estimate of MMD^2 of the kernel that the features approximate. */
  readonly mmdSquared: number;
  /** sqrt of it, 0 where it is negative: at most sqrt(2). */
  readonly effect: number;
  readonly pValue: number;
}

type Frequencies = Pick<EmbeddingReference, 'dims' | 'directions' | 'bandwidth' | 'seed'>;

/**
 * Random Fourier features of the Gaussian kernel (Rahimi and Recht 2007): a cosine and a sine of each random direction,
 * scaled so that a row has length 1. The mean of a window is all that a device must keep of it.
 */
export function createFeatureSums({ dims, directions, bandwidth, seed }: Frequencies): FeatureSums {
  const random = createRandom(seed);
  const weights = Float64Array.from({ length: dims * directions }, () => random.normal() / bandwidth);
  const sums = new Float64Array(2 * directions);
  const scale = Math.sqrt(1 / directions);
  const counters = new Float64Array(2);
  return {
    add(row) {
      if (row.length !== dims)
        throw new UsageError('drift.embeddings', `An embedding of ${dims} values was expected, got ${row.length}.`);
      let check = 0;
      for (let i = 0; i < dims; i++) check += (row[i] ?? 0) * 0;
      if (check !== 0) {
        counters[1] = (counters[1] ?? 0) + 1;
        return;
      }
      counters[0] = (counters[0] ?? 0) + 1;
      for (let d = 0; d < directions; d++) {
        let phase = 0;
        for (let i = 0; i < dims; i++) phase += (weights[d * dims + i] ?? 0) * (row[i] ?? 0);
        sums[2 * d] = (sums[2 * d] ?? 0) + scale * Math.cos(phase);
        sums[2 * d + 1] = (sums[2 * d + 1] ?? 0) + scale * Math.sin(phase);
      }
    },
    count: () => counters[0] ?? 0,
    refused: () => counters[1] ?? 0,
    sums: () => sums,
    merge(other) {
      if (other.sums.length !== sums.length)
        throw new UsageError(
          'drift.embeddings',
          `${sums.length} feature sums were expected, got ${other.sums.length}.`,
        );
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (other.sums[i] ?? 0);
      counters[0] = (counters[0] ?? 0) + other.count;
    },
    reset() {
      sums.fill(0);
      counters.fill(0);
    },
  };
}

/**
 * Freezes embeddings into the mean of their random features, with what calibrates later windows: trace of the features'
 * covariance, of its square and of its cube (bias of the latter two removed to first order).
 * @throws UsageError `drift.embeddings` for fewer than 20 rows, values that are not finite, or rows that are all the same
 */
export function freezeEmbeddingReference(
  rows: Embeddings,
  options: { readonly directions?: number; readonly seed?: number; readonly bandwidth?: number } = {},
): EmbeddingReference {
  const { directions = 64, seed = 1 } = options;
  const { dims } = rows;
  const n = rowsOf(rows);
  if (n < 20) throw new UsageError('drift.embeddings', `A reference needs 20 embeddings, got ${n}.`);
  const bandwidth = options.bandwidth ?? medianBandwidth(rows, seed);
  const width = 2 * directions;
  const single = createFeatureSums({ dims, directions, bandwidth, seed });
  const features = new Float64Array(n * width);
  const mean = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    single.reset();
    single.add(rows.data.subarray(i * dims, (i + 1) * dims));
    features.set(single.sums(), i * width);
    for (let f = 0; f < width; f++) mean[f] = (mean[f] ?? 0) + (features[i * width + f] ?? 0) / n;
  }
  for (let at = 0; at < features.length; at++) features[at] = (features[at] ?? 0) - (mean[at % width] ?? 0);
  const traces = covarianceTraces(features, n, width);
  return embeddingReferenceSchema.parse({
    format: 'edge-embedding-reference/1',
    dims,
    n,
    bandwidth,
    directions,
    seed,
    mean: [...mean],
    ...traces,
  } satisfies EmbeddingReference);
}

/**
 * Traces of the powers of the covariance. The Gram matrix of the rows has the same ones, so the smaller of the two is
 * made. What sampling adds to them for Gaussian features is taken off, down to what three positive eigenvalue sums allow.
 */
function covarianceTraces(
  centred: Float64Array,
  n: number,
  width: number,
): { trace: number; traceOfSquare: number; traceOfCube: number } {
  const [many, length] = n < width ? [n, width] : [width, n];
  const vectors =
    n < width ? centred : Float64Array.from(centred, (_, at) => centred[(at % n) * width + Math.floor(at / n)] ?? 0);
  const products = new Float64Array(many * many);
  for (let f = 0; f < many; f++)
    for (let g = 0; g <= f; g++) {
      const product = dot(vectors, f * length, vectors, g * length, length) / (n - 1);
      products[f * many + g] = product;
      products[g * many + f] = product;
    }
  let [trace, square, cube] = [0, 0, 0];
  for (let f = 0; f < many; f++) {
    trace += products[f * many + f] ?? 0;
    for (let g = 0; g < many; g++) {
      const product = products[f * many + g] ?? 0;
      square += product * product;
      cube += product * dot(products, f * many, products, g * many, many);
    }
  }
  const traceOfSquare = Math.max(square - (trace * trace) / n, (trace * trace) / width);
  const sampling = (3 * trace * traceOfSquare) / n + trace ** 3 / (n * n);
  return { trace, traceOfSquare, traceOfCube: Math.max(cube - sampling, traceOfSquare ** 2 / trace) };
}

function dot(one: Float64Array, i: number, two: Float64Array, j: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (one[i + k] ?? 0) * (two[j + k] ?? 0);
  return sum;
}

/**
 * Window against reference. The squared distance of both means is, for identical distributions, a sum of chi-square
 * variables weighted by the covariance's eigenvalues; its tail is taken from the chi-square of the same mean, variance and
 * skewness (Imhof 1961, after Pearson): within 5 % down to 0.01, some half of the true value at 1e-5. `effectiveCurrent`: independent embeddings that the window is worth.
 * @throws UsageError `drift.embeddings` for an empty window or other features
 */
export function featureMmd(
  reference: EmbeddingReference,
  window: Pick<FeatureSums, 'count' | 'sums'>,
  effectiveCurrent = window.count(),
): FeatureMmd {
  const sums = window.sums();
  const count = window.count();
  if (sums.length !== reference.mean.length || count < 1)
    throw new UsageError(
      'drift.embeddings',
      `A window of ${reference.mean.length} features and 1 embedding was expected, got ${sums.length} and ${count}.`,
    );
  let distance = 0;
  for (let f = 0; f < sums.length; f++) distance += ((sums[f] ?? 0) / count - (reference.mean[f] ?? 0)) ** 2;
  const { trace, traceOfSquare, n } = reference;
  // The least that the other two allow: the tail of equal mean and variance.
  const traceOfCube = reference.traceOfCube ?? traceOfSquare ** 2 / trace;
  const scale = 1 / n + 1 / effectiveCurrent;
  const mmd = distance - scale * trace;
  const degrees = traceOfSquare ** 3 / traceOfCube ** 2;
  const pValue = chiSquareTail((mmd / scale) * Math.sqrt(degrees / traceOfSquare) + degrees, degrees);
  return { mmdSquared: mmd, effect: Math.sqrt(Math.max(0, mmd)), pValue };
}
