import type { Samples } from '../accumulators/histogram.js';
import type { SortedSides } from '../distance/wasserstein.js';
import { cramerVonMisesLimitTail } from '../distributions/cramer-von-mises.js';
import { sortSamples } from './sorted-samples.js';

export interface CvmResult {
  readonly test: 'cramer-von-mises';
  /** `exact`: all orders of values without ties counted; `limit`: Anderson's standardised statistic. */
  readonly method: 'exact' | 'limit';
  /** T of Anderson (1962), with midranks for ties. */
  readonly statistic: number;
  readonly pValue: number;
}

const exactUpTo = 20;

/**
 * Two-sample Cramer-von Mises test: squared differences over the whole range, where Kolmogorov-Smirnov looks at the largest
 * one. Exact up to 20 values a side. `method: 'exact'` beyond that takes time and memory that grow with the fourth power.
 * @see Anderson, T. W. (1962), Annals of Mathematical Statistics 33, 1148-1159 (exact moments and limit)
 * @see Xiao, Gordon, Yakovlev (2007), Journal of Statistical Software 17(8) (exact count)
 * @throws UsageError `drift.samples` for NaN or an empty sample
 */
export function cramerVonMises(
  first: Samples,
  second: Samples,
  options: SortedSides & { readonly method?: 'exact' | 'limit' } = {},
): CvmResult {
  const a = options.firstSorted === true ? first : sortSamples(first);
  const b = options.secondSorted === true ? second : sortSamples(second);
  const [n, m] = [a.length, b.length];
  const size = n + m;
  const u = rankSum(a, b);
  const statistic = u / (n * m * size) - (4 * n * m - 1) / (6 * size);
  const method = options.method ?? (Math.max(n, m) <= exactUpTo ? 'exact' : 'limit');
  if (method === 'exact') return { test: 'cramer-von-mises', method, statistic, pValue: exactTail(n, m, u) };
  const mean = (1 + 1 / size) / 6;
  const variance = ((size + 1) * (4 * n * m * size - 3 * (n * n + m * m) - 2 * n * m)) / (45 * size * size * 4 * n * m);
  const standardised = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  return { test: 'cramer-von-mises', method, statistic, pValue: cramerVonMisesLimitTail(standardised) };
}

/** U = n sum (r_i - i)^2 + m sum (s_j - j)^2 with the (mid)ranks r and s of both sides in the merged sample. */
function rankSum(a: Samples, b: Samples): number {
  const [n, m] = [a.length, b.length];
  let [i, j, u] = [0, 0, 0];
  while (i < n || j < m) {
    const x = i < n ? (a[i] ?? 0) : Infinity;
    const y = j < m ? (b[j] ?? 0) : Infinity;
    const value = x < y ? x : y;
    const [fromI, fromJ] = [i, j];
    while (i < n && a[i] === value) i += 1;
    while (j < m && b[j] === value) j += 1;
    const rank = (fromI + fromJ + 1 + i + j) / 2;
    for (let k = fromI; k < i; k++) u += n * (rank - k - 1) ** 2;
    for (let k = fromJ; k < j; k++) u += m * (rank - k - 1) ** 2;
  }
  return u;
}

/**
 * Share of the C(n + m, n) orders with at least this U. In terms of lattice points, sum (i lcm/n - j lcm/m)^2 over a path
 * orders the paths like U does; sums that have reached the observed one only count.
 */
function exactTail(n: number, m: number, u: number): number {
  const lcm = (n / gcd(n, m)) * m;
  const [a, b] = [lcm / n, lcm / m];
  // sum (F - G)^2 over the points is T (n + m)^2 / (n m).
  const observed = (lcm * lcm * (n + m) * ((6 * u) / (n * m) - (4 * n * m - 1))) / (6 * n * m);
  // A whole number without ties; with ties the next lower one, as scipy does, which is conservative.
  const wanted = Math.floor(observed + 1e-6);
  let row: { below: Map<number, number>; reached: number }[] = [];
  for (let i = 0; i <= n; i++) {
    const next: typeof row = [];
    for (let j = 0; j <= m; j++) {
      const step = (i * a - j * b) ** 2;
      const below = new Map<number, number>();
      let reached = 0;
      for (const from of i === 0 && j === 0 ? [] : [row[j], next[j - 1]]) {
        if (from === undefined) continue;
        reached += from.reached;
        for (const [sum, paths] of from.below)
          if (sum + step >= wanted) reached += paths;
          else below.set(sum + step, (below.get(sum + step) ?? 0) + paths);
      }
      if (i === 0 && j === 0) below.set(0, 1);
      next.push({ below, reached });
    }
    row = next;
  }
  const end = row[m] ?? { below: new Map<number, number>(), reached: 0 };
  let rest = 0;
  for (const paths of end.below.values()) rest += paths;
  return end.reached / (end.reached + rest);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
