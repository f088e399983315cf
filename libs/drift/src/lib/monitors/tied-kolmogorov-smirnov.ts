export interface TiedKsResult {
  /** D = sup |F1 - F2|. */
  readonly statistic: number;
  /** P(a larger D) and P(this D) when both samples come from one distribution, given the pooled values and their ties. */
  readonly pLarger: number;
  readonly pEqual: number;
}

/** Probability below which the paths at the rim of the band are let go. */
const negligible = 1e-60;

/**
 * Two-sample Kolmogorov-Smirnov test of ascending samples, exact with ties: a random path of n + m steps is compared with D only
 * where a group of equal values ends. Continuous, discrete and binned features all get their true level, where the
 * p-value for untied values is conservative. `pLarger + u pEqual` with u uniform in [0, 1) is uniform when nothing changed.
 * O((n + m) m).
 * @see Schroeer, G., Trenkler, D. (1995), Exact and randomization distributions of Kolmogorov-Smirnov tests two or three samples,
 *   Computational Statistics & Data Analysis 20, 185-202
 */
export function tiedKolmogorovSmirnov(reference: ArrayLike<number>, window: ArrayLike<number>): TiedKsResult {
  const n = reference.length;
  const m = window.length;
  const groupEnds = new Uint8Array(n + m + 1);
  let most = 0;
  for (let i = 0, j = 0; i < n || j < m;) {
    const a = i < n ? (reference[i] ?? 0) : Infinity;
    const b = j < m ? (window[j] ?? 0) : Infinity;
    const value = a < b ? a : b;
    while (i < n && reference[i] === value) i += 1;
    while (j < m && window[j] === value) j += 1;
    groupEnds[i + j] = 1;
    most = Math.max(most, Math.abs(i * m - j * n));
  }
  const atLeast = pathShare(n, m, most, groupEnds);
  const larger = pathShare(n, m, most + 1, groupEnds);
  return { statistic: most / (n * m), pLarger: larger, pEqual: Math.max(0, atLeast - larger) };
}

/**
 * Share of random paths with |i m - j n| >= reach at the end of some group. Adds up what leaves the band, so small shares keep their
 * digits. State: chance of each j after `step` steps, i = step - j; only j from low to high is alive.
 */
function pathShare(n: number, m: number, reach: number, groupEnds: Uint8Array): number {
  if (reach <= 0) return 1;
  const total = n + m;
  const chance = new Float64Array(m + 1);
  chance[0] = 1;
  let low = 0;
  let high = 0;
  let left = 0;
  for (let step = 0; step < total && low <= high; step++) {
    const inverse = 1 / (total - step);
    const bottom = Math.max(low, step + 1 - n);
    if (high < m) chance[++high] = 0;
    // Downwards, so that j - 1 is still the one of the step before.
    for (let j = high; j > low && j >= bottom; j--)
      chance[j] = ((chance[j] ?? 0) * (n - step + j) + (chance[j - 1] ?? 0) * (m - j + 1)) * inverse;
    if (bottom === low) chance[low] = (chance[low] ?? 0) * (n - step + low) * inverse;
    low = bottom;
    if (groupEnds[step + 1] === 1) {
      const here = (step + 1) * m;
      while (low <= high && Math.abs(here - low * total) >= reach) left += chance[low++] ?? 0;
      while (high >= low && Math.abs(here - high * total) >= reach) left += chance[high--] ?? 0;
    }
    while (low < high && (chance[low] ?? 0) < negligible) low += 1;
    while (high > low && (chance[high] ?? 0) < negligible) high -= 1;
  }
  return Math.min(1, left);
}
