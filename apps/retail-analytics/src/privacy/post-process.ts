import { dwellBordersS } from './public-cells.js';

/**
 * What may be done to a number after the noise: it sees the noisy number and public settings alone, so it costs no budget.
 * A number below the minimum is suppressed (null), the others are rounded to the nearest multiple. Rounding always up would
 * add half a step to every number. No total is released beside its parts: the total of a metric is the sum of its cells,
 * so that no difference of two mechanisms can be taken.
 */
export function postProcess(
  noisy: bigint,
  { minimum, roundTo }: { readonly minimum: number; readonly roundTo: number },
): number | null {
  const clamped = noisy < 0n ? 0n : noisy;
  if (clamped < BigInt(minimum)) return null;
  const step = BigInt(roundTo);
  return Number(((2n * clamped + step) / (2n * step)) * step);
}

export interface DwellEstimate {
  /** Whole seconds; null where the noisy visits are too few, or where the curve never falls so far. */
  readonly medianS: number | null;
  readonly p90S: number | null;
}

/**
 * Median and 90th percentile of dwell from a noisy histogram of completed and censored visits: the life-table form of the
 * Kaplan-Meier estimate (a censored visit counts half in the bin where it ended), straight lines inside the bins.
 * @param completed noisy visits per bin of `dwellBordersS`, negative ones included
 * @param leastTotal below this many noisy visits nothing is estimated; a public number
 */
export function dwellFromHistogram(
  completed: readonly bigint[],
  censored: readonly bigint[],
  leastTotal: number,
): DwellEstimate {
  const cells = nonNegative([...completed, ...censored].map(Number));
  const total = cells.reduce((sum, n) => sum + n, 0);
  if (total < leastTotal || total <= 0) return { medianS: null, p90S: null };
  const ended = cells.slice(0, completed.length);
  const lost = cells.slice(completed.length);
  const survival = [1];
  let atRisk = total;
  ended.forEach((d, bin) => {
    const c = lost[bin] ?? 0;
    const exposed = atRisk - c / 2;
    survival.push((survival[bin] ?? 0) * (exposed > 0 ? Math.max(0, 1 - d / exposed) : 1));
    atRisk -= d + c;
  });
  const at = (level: number): number | null => {
    const bin = survival.findIndex((s, i) => i > 0 && s <= level) - 1;
    if (bin < 0) return null;
    const [before, after] = [survival[bin] ?? 1, survival[bin + 1] ?? 0];
    const [from, to] = [dwellBordersS[bin] ?? 0, dwellBordersS[bin + 1] ?? 0];
    return Math.round(from + ((before - level) / (before - after)) * (to - from));
  };
  return { medianS: at(0.5), p90S: at(0.1) };
}

/**
 * The closest numbers without a negative one that keep the sum: noise of empty bins would otherwise pile up as visits,
 * because clamping each by itself keeps only the positive half of it.
 */
function nonNegative(values: readonly number[]): readonly number[] {
  const sum = values.reduce((s, v) => s + v, 0);
  if (sum <= 0) return values.map(() => 0);
  const falling = [...values].sort((a, b) => b - a);
  let shift = 0;
  let running = 0;
  falling.forEach((value, i) => {
    running += value;
    const candidate = (running - sum) / (i + 1);
    if (value - candidate > 0) shift = candidate;
  });
  return values.map((v) => Math.max(0, v - shift));
}
