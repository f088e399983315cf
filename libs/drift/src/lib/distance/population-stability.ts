import { UsageError } from '@edge-blueprints/contracts';
import { chiSquareTail, chiSquareThreshold } from '../distributions/chi-square.js';
import { checkedTotal, proportions, type Counts } from './proportions.js';

export interface PsiResult {
  readonly psi: number;
  /** What identical distributions give on average at these sizes: (B - 1)(1/n + 1/m). */
  readonly nullMean: number;
  /** Of psi / (1/n + 1/m) against chi-square with B - 1 degrees of freedom. Needs some 5 expected values a bin. */
  readonly pValue: number;
  /** Bins that hold something on either side. */
  readonly bins: number;
}

/** Added to each count: a share of a bin nobody visited is then small, not 0, whatever the sample size. */
const added = 0.5;

/**
 * Population stability index, sum (a - e) ln(a / e), of counts in the same frozen bins. Half a count is added to each
 * bin; bins empty on both sides are left out. `effectiveCurrent` is the number of independent values that the current
 * ones are worth (n / autocorrelation time) where they are not independent; likewise for the reference.
 * @throws UsageError `drift.counts`
 */
export function populationStability(
  reference: Counts,
  current: Counts,
  effective: { readonly reference?: number; readonly current?: number } = {},
): PsiResult {
  const n = checkedTotal(reference, 'reference');
  const m = checkedTotal(current, 'current');
  if (reference.length !== current.length) proportions(reference, current);
  let bins = 0;
  for (let i = 0; i < reference.length; i++) if ((reference[i] ?? 0) + (current[i] ?? 0) > 0) bins += 1;
  let psi = 0;
  for (let i = 0; i < reference.length; i++) {
    if ((reference[i] ?? 0) + (current[i] ?? 0) === 0) continue;
    const e = ((reference[i] ?? 0) + added) / (n + added * bins);
    const a = ((current[i] ?? 0) + added) / (m + added * bins);
    psi += (a - e) * Math.log(a / e);
  }
  const scale = 1 / (effective.reference ?? n) + 1 / (effective.current ?? m);
  return {
    psi,
    nullMean: (bins - 1) * scale,
    pValue: bins > 1 ? chiSquareTail(psi / scale, bins - 1) : 1,
    bins,
  };
}

/**
 * PSI of given proportions, without smoothing: for published vectors and for known distributions. Infinite where one
 * side has a bin to itself.
 */
export function psiOfProportions(reference: Counts, current: Counts): number {
  const { e, a } = proportions(reference, current);
  let psi = 0;
  for (let i = 0; i < e.length; i++) {
    const [p, q] = [e[i] ?? 0, a[i] ?? 0];
    if (p !== q) psi += (q - p) * Math.log(q / p);
  }
  return psi;
}

/**
 * PSI that identical distributions exceed with probability alpha: (1/n + 1/m) times the chi-square quantile of B - 1.
 * The rule of 0.1 and 0.25 knows neither n nor B and is an effect size, not a test.
 * @throws UsageError `drift.counts` below 2 bins or 1 value
 */
export function psiThreshold(alpha: number, bins: number, n: number, m: number): number {
  if (!(Number.isInteger(bins) && bins >= 2 && n >= 1 && m >= 1))
    throw new UsageError('drift.counts', `psiThreshold needs 2 bins and 1 value a side, got ${bins}, ${n}, ${m}.`);
  return (1 / n + 1 / m) * chiSquareThreshold(alpha, bins - 1);
}
