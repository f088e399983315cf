import { UsageError, createRandom } from '@edge-blueprints/contracts';
import { normalTail } from '../distributions/normal.js';
import { permutationTail } from '../tests/permutation.js';
import { checkSameDims, rowsOf, squaredDistance, type Embeddings } from './embeddings.js';

/** Rows of which the median distance is taken: half a million pairs. */
const medianRows = 1000;
/** Rows of both sides for which the kernel matrix is held: 32 MB. */
const matrixRows = 2000;

export interface MmdSquared {
  /** Includes the pairs of a row with itself; never negative. */
  readonly biased: number;
  /** Expected 0 for identical distributions; may be negative. NaN below two rows a side. */
  readonly unbiased: number;
}

/**
 * Median distance between two rows of the reference, the usual bandwidth of the Gaussian kernel. To be frozen with the
 * reference: taken from current data it would change with the drift that it shall measure.
 * @throws UsageError `drift.embeddings` for fewer than two rows or rows that are all the same
 */
export function medianBandwidth(reference: Embeddings, seed = 1): number {
  const n = rowsOf(reference);
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < Math.min(n - 1, medianRows); i++) {
    const j = random.integer(i, n - 1);
    [rows[i], rows[j]] = [rows[j] ?? 0, rows[i] ?? 0];
  }
  const used = Math.min(n, medianRows);
  const distances = new Float64Array((used * (used - 1)) / 2);
  let at = 0;
  for (let i = 0; i < used; i++)
    for (let j = 0; j < i; j++) distances[at++] = squaredDistance(reference, rows[i] ?? 0, reference, rows[j] ?? 0);
  distances.sort();
  const middle = distances.length / 2;
  const median = (Math.sqrt(distances[Math.ceil(middle) - 1] ?? 0) + Math.sqrt(distances[Math.floor(middle)] ?? 0)) / 2;
  if (!(median > 0))
    throw new UsageError(
      'drift.embeddings',
      `Half of the ${n} reference embeddings are the same; a bandwidth needs rows that differ.`,
    );
  return median;
}

/**
 * Squared maximum mean discrepancy with the kernel exp(-d^2 / (2 bandwidth^2)) (Gretton et al. 2012, equations 3 and 5).
 * O((n + m)^2 dims) time, no matrix is held.
 * @throws UsageError `drift.embeddings`
 */
export function mmdSquared(x: Embeddings, y: Embeddings, bandwidth: number): MmdSquared {
  checkSameDims(x, y);
  const [n, m] = [rowsOf(x), rowsOf(y)];
  const gamma = gammaOf(bandwidth);
  const within = (side: Embeddings, rows: number): number => {
    let sum = 0;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < i; j++) sum += Math.exp(-gamma * squaredDistance(side, i, side, j));
    return 2 * sum;
  };
  let cross = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) cross += Math.exp(-gamma * squaredDistance(x, i, y, j));
  return combine(within(x, n), within(y, m), cross, n, m);
}

/**
 * Permutation test of the unbiased statistic. The kernel matrix is made once; each round costs n^2 / 2 additions.
 * @throws UsageError `drift.embeddings` above 2,000 rows together; `drift.permutations`
 */
export function mmdTest(
  x: Embeddings,
  y: Embeddings,
  options: { readonly bandwidth: number; readonly seed: number; readonly rounds?: number },
): MmdSquared & { readonly pValue: number } {
  checkSameDims(x, y);
  const [n, m] = [rowsOf(x), rowsOf(y)];
  const size = n + m;
  if (size > matrixRows || n < 2 || m < 2)
    throw new UsageError(
      'drift.embeddings',
      `A permutation test takes 2 rows a side and ${matrixRows} together, got ${n} and ${m}; take a random subset.`,
    );
  const gamma = gammaOf(options.bandwidth);
  const kernel = new Float64Array(size * size);
  const rowSums = new Float64Array(size);
  const side = (i: number): readonly [Embeddings, number] => (i < n ? [x, i] : [y, i - n]);
  let total = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const value = Math.exp(-gamma * squaredDistance(...side(i), ...side(j)));
      kernel[i * size + j] = value;
      kernel[j * size + i] = value;
      rowSums[i] = (rowSums[i] ?? 0) + value;
      rowSums[j] = (rowSums[j] ?? 0) + value;
      total += 2 * value;
    }
  const split = (order: Uint32Array): MmdSquared => {
    let inside = 0;
    let rows = 0;
    for (let i = 0; i < n; i++) {
      const at = (order[i] ?? 0) * size;
      rows += rowSums[order[i] ?? 0] ?? 0;
      for (let j = 0; j < i; j++) inside += kernel[at + (order[j] ?? 0)] ?? 0;
    }
    const cross = rows - 2 * inside;
    return combine(2 * inside, total - 2 * inside - 2 * cross, cross, n, m);
  };
  const { pValue } = permutationTail(size, (order) => split(order).unbiased, options);
  return { ...split(Uint32Array.from({ length: size }, (_, i) => i)), pValue };
}

/**
 * Linear-time estimate (Gretton et al. 2012, section 6): the mean of k(x, x') + k(y, y') - k(x, y') - k(x', y) over
 * disjoint pairs, unbiased and normal, so that it needs no permutations; less power than the quadratic one. One-sided.
 * @throws UsageError `drift.embeddings` below 8 rows a side
 */
export function linearTimeMmd(
  x: Embeddings,
  y: Embeddings,
  bandwidth: number,
): { readonly mmdSquared: number; readonly standardError: number; readonly pValue: number } {
  checkSameDims(x, y);
  const pairs = Math.floor(Math.min(rowsOf(x), rowsOf(y)) / 2);
  if (pairs < 4)
    throw new UsageError('drift.embeddings', `The linear-time test needs 8 rows a side, got ${2 * pairs}.`);
  const gamma = gammaOf(bandwidth);
  const k = (one: Embeddings, i: number, two: Embeddings, j: number): number =>
    Math.exp(-gamma * squaredDistance(one, i, two, j));
  let mean = 0;
  let m2 = 0;
  for (let p = 0; p < pairs; p++) {
    const [i, j] = [2 * p, 2 * p + 1];
    const h = k(x, i, x, j) + k(y, i, y, j) - k(x, i, y, j) - k(x, j, y, i);
    const before = h - mean;
    mean += before / (p + 1);
    m2 += before * (h - mean);
  }
  const standardError = Math.sqrt(m2 / (pairs - 1) / pairs);
  return { mmdSquared: mean, standardError, pValue: standardError > 0 ? normalTail(mean / standardError) : 1 };
}

function combine(xx: number, yy: number, xy: number, n: number, m: number): MmdSquared {
  const cross = (2 * xy) / (n * m);
  return {
    biased: Math.max(0, (xx + n) / (n * n) + (yy + m) / (m * m) - cross),
    unbiased: n > 1 && m > 1 ? xx / (n * (n - 1)) + yy / (m * (m - 1)) - cross : Number.NaN,
  };
}

function gammaOf(bandwidth: number): number {
  if (!(bandwidth > 0 && Number.isFinite(bandwidth)))
    throw new UsageError('drift.embeddings', `A bandwidth above 0 was expected, got ${bandwidth}.`);
  return 1 / (2 * bandwidth * bandwidth);
}
