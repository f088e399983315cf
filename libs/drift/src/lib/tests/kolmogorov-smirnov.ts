import type { Samples } from '../accumulators/histogram.js';
import { kolmogorovLimitTail, kolmogorovTail } from '../distributions/kolmogorov.js';
import { largestDifference } from './largest-difference.js';
import { outerPathShare } from './lattice-paths.js';
import { sortSamples } from './sorted-samples.js';

/**
 * Where the p-value comes from. `exact`: lattice paths. `finite-n`: Kolmogorov's distribution of round(nm / (n + m))
 * values, what scipy calls asymp. `limit`: Q_KS(sqrt(nm / (n + m)) D), the textbook's. They differ for small samples.
 */
export type KsMethod = 'exact' | 'finite-n' | 'limit';

export interface KsResult {
  readonly test: 'kolmogorov-smirnov';
  readonly method: KsMethod;
  /** D = sup |F1 - F2|. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Value at which the difference is largest. */
  readonly at: number;
  /** 1 where the first distribution lies above there (its values are smaller), -1 below, 0 when D is 0. */
  readonly sign: -1 | 0 | 1;
}

export interface KsOptions {
  /** `exact` up to 10,000 values on either side, `finite-n` beyond, unless told otherwise. */
  readonly method?: KsMethod;
  /** The first sample is ascending already, as the one of a frozen reference is. */
  readonly firstSorted?: boolean;
  readonly secondSorted?: boolean;
}

const exactUpTo = 10_000;

/**
 * Two-sample Kolmogorov-Smirnov test. Ties of both sides are passed before the distributions are compared; with ties the
 * p-value is conservative. Values must be independent: thin a stream by its autocorrelation time first.
 * @throws UsageError `drift.samples` for NaN or an empty sample
 */
export function kolmogorovSmirnov(first: Samples, second: Samples, options: KsOptions = {}): KsResult {
  const a = options.firstSorted === true ? first : sortSamples(first);
  const b = options.secondSorted === true ? second : sortSamples(second);
  const { most, at, sign } = largestDifference(a, b);
  const [n, m] = [a.length, b.length];
  const statistic = most / (n * m);
  const method = options.method ?? (Math.max(n, m) <= exactUpTo ? 'exact' : 'finite-n');
  const pValue =
    most === 0
      ? 1
      : method === 'exact'
        ? outerPathShare(n, m, most)
        : method === 'finite-n'
          ? kolmogorovTail(Math.max(1, roundHalfToEven((n * m) / (n + m))), statistic)
          : kolmogorovLimitTail(Math.sqrt((n * m) / (n + m)) * statistic);
  return { test: 'kolmogorov-smirnov', method, statistic, pValue: Math.min(1, pValue), at, sign };
}

/** D alone, of ascending samples. */
export function ksStatistic(first: Samples, second: Samples): number {
  return largestDifference(first, second).most / (first.length * second.length);
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
