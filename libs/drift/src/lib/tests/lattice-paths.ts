/**
 * Share of the monotone lattice paths from (0, 0) to (n, m) that touch |i m - j n| >= reach: the exact p-value of the
 * two-sample Kolmogorov-Smirnov statistic D = reach / (n m) (Hodges 1957). O(n m), for n = m a sum of n terms.
 */
export function outerPathShare(n: number, m: number, reach: number): number {
  if (reach <= 0) return 1;
  return n === m ? equalSizes(n, Math.ceil(reach / n)) : recursion(Math.max(n, m), Math.min(n, m), reach);
}

/** P(D >= k / n) = 2 sum_{j >= 1} (-1)^(j-1) C(2n, n + jk) / C(2n, n) (reflection principle). */
function equalSizes(n: number, k: number): number {
  const ratios: number[] = [];
  let ratio = 1;
  for (let i = 0; i < n; i++) {
    ratio *= (n - i) / (n + i + 1);
    if ((i + 1) % k === 0) ratios.push(ratio);
  }
  // From the smallest term on: the alternating sum keeps its digits.
  return Math.min(1, 2 * ratios.reduceRight((sum, term) => term - sum, 0));
}

/**
 * Share of the paths to (i, j) that touched: i/(i+j) of them come from (i-1, j), j/(i+j) from (i, j-1). Only sums of
 * positive terms, so that small p-values keep their digits.
 */
function recursion(n: number, m: number, reach: number): number {
  const share = new Float64Array(m + 1);
  const inverse = Float64Array.from({ length: n + m + 1 }, (_, i) => 1 / i);
  let lowBefore = 0;
  for (let i = 0; i <= n; i++) {
    // Inside of the band: |i m - j n| < reach. Outside every path has touched.
    const low = Math.max(0, Math.floor((i * m - reach) / n) + 1);
    const high = Math.min(m, Math.ceil((i * m + reach) / n) - 1);
    for (let j = lowBefore; j < Math.min(low, m + 1); j++) share[j] = 1;
    lowBefore = low;
    let left = low === 0 ? 0 : 1;
    for (let j = low; j <= high; j++) {
      const sum = i + j;
      left = sum === 0 ? 0 : (i * (share[j] ?? 0) + j * left) * (inverse[sum] ?? 0);
      share[j] = left;
    }
    for (let j = high + 1; j <= m && share[j] !== 1; j++) share[j] = 1;
  }
  return share[m] ?? 1;
}
