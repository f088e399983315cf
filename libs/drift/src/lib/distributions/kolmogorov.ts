import { UsageError } from '@edge-blueprints/contracts';
import { invertDecreasing } from './invert.js';

/**
 * Q_KS(x) = P(sqrt(n) D_n > x) for n -> infinity, Kolmogorov's limit. Not what `kolmogorovTail` gives for a finite n.
 * Two series of the same function (theta identity), each where it converges fast.
 */
export function kolmogorovLimitTail(x: number): number {
  if (x <= 0.04) return 1;
  let sum = 0;
  if (x < 1) {
    const y = Math.PI ** 2 / (8 * x * x);
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-k * k * y);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 7; k >= 1; k--) sum = Math.exp(-2 * k * k * x * x) - sum;
  return Math.min(1, 2 * sum);
}

/** x with Q_KS(x) = alpha; for example 1.358 for 0.05. */
export function kolmogorovLimitThreshold(alpha: number): number {
  return invertDecreasing(kolmogorovLimitTail, checked(alpha), 0.04, 40);
}

/**
 * P(D_n > d) of the one-sample Kolmogorov statistic of n values, to some 10 digits: Durbin's matrix for small d, twice the
 * one-sided Smirnov tail for large d, the expansion of Pelz and Good between. Cut points of Simard and L'Ecuyer,
 * "Computing the two-sided Kolmogorov-Smirnov distribution", 2011.
 */
export function kolmogorovTail(n: number, d: number): number {
  if (!(Number.isInteger(n) && n > 0))
    throw new UsageError('drift.domain', `A whole sample size was expected, got ${n}.`);
  const t = n * d;
  if (d >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const z2 = t * d;
  if (d >= 0.5) return Math.min(1, 2 * smirnovTail(n, d));
  if (n <= 140) return z2 <= 4 ? 1 - durbin(n, d) : 2 * smirnovTail(n, d);
  if (z2 >= 370) return 0;
  if (z2 >= 2.2) return 2 * smirnovTail(n, d);
  if (z2 < 0.03) return 1;
  return Math.min(1, Math.max(0, n <= 10_000 && n * d ** 1.5 <= 1.4 ? 1 - durbin(n, d) : 1 - pelzGood(n, d)));
}

/** d with P(D_n > d) = alpha. */
export function kolmogorovThreshold(alpha: number, n: number): number {
  return invertDecreasing((d) => kolmogorovTail(n, d), checked(alpha), 0, 1);
}

/** Above this the sum of n terms gives way to Maag and Dicaire's approximation, relative error of order 1/n. */
const exactSmirnovUpTo = 20_000;

/**
 * P(D_n+ > d), one-sided, exact by the formula of Birnbaum and Tingey:
 * d sum_{j <= n (1-d)} C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j), all terms positive.
 */
export function smirnovTail(n: number, d: number): number {
  if (n > exactSmirnovUpTo) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  let sum = 0;
  let logChoose = 0;
  const most = Math.floor(n * (1 - d));
  for (let j = 0; j <= most; j++) {
    const a = d + j / n;
    const b = 1 - a;
    if (b <= 0) break;
    sum += Math.exp(logChoose + (j - 1) * Math.log(a) + (n - j) * Math.log(b));
    logChoose += Math.log((n - j) / (j + 1));
  }
  return Math.min(1, d * sum);
}

/** P(D_n < d), exact: n!/n^n (H^n)[k][k] with Durbin's matrix H of 2 ceil(n d) - 1 rows (Marsaglia, Tsang, Wang 2003). */
function durbin(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const h = k - n * d;
  const size = 2 * k - 1;
  const factorial = Array.from({ length: size + 1 }, () => 1);
  for (let i = 1; i <= size; i++) factorial[i] = (factorial[i - 1] ?? 1) * i;
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const order = row - column + 1;
      if (order < 0) continue;
      let value = 1;
      if (column === 0) value -= h ** (row + 1);
      if (row === size - 1) value -= h ** (size - column);
      if (column === 0 && row === size - 1 && 2 * h > 1) value += (2 * h - 1) ** size;
      matrix[row * size + column] = value / (factorial[order] ?? 1);
    }
  let vector = new Float64Array(size);
  let next = new Float64Array(size);
  vector[k - 1] = 1;
  let log10 = 0;
  for (let step = 1; step <= n; step++) {
    let most = 0;
    for (let row = 0; row < size; row++) {
      let sum = 0;
      const columns = Math.min(size, row + 2);
      for (let column = 0; column < columns; column++)
        sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
      next[row] = (sum * step) / n;
      if (sum > most) most = sum;
    }
    [vector, next] = [next, vector];
    if (most < 1e-140) {
      for (let row = 0; row < size; row++) vector[row] = (vector[row] ?? 0) * 1e140;
      log10 -= 140;
    }
  }
  return (vector[k - 1] ?? 0) * 10 ** log10;
}

/** P(D_n < d) by the expansion of Pelz and Good (1976) to n^(-3/2), equations as in Simard and L'Ecuyer. */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const p2 = Math.PI ** 2;
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  const most = Math.ceil((16 * z) / Math.PI) + 1;
  for (let k = most; k >= 0; k--) {
    const u = p2 * (k + 0.5) ** 2;
    const e = Math.exp(-u / (2 * z2));
    k0 += e;
    k1 += e * (u - z2);
    k2 += e * (6 * z6 + 2 * z4 + u * (2 * z4 - 5 * z2) + u * u * (1 - 2 * z2));
    k3 +=
      e *
      (u ** 3 * (5 - 30 * z2) + u * u * (-60 * z2 + 212 * z4) + u * (135 * z4 - 96 * z6) - (30 * z6 + 90 * z4 * z4));
  }
  let [whole2, whole3] = [0, 0];
  for (let k = most; k >= 1; k--) {
    const u = p2 * k * k;
    const e = Math.exp(-u / (2 * z2));
    whole2 += e * u;
    whole3 += e * (3 * u * z2 - u * u);
  }
  const root = Math.sqrt(2 * Math.PI);
  return (
    (root / z) * k0 +
    (root / (6 * z4) / Math.sqrt(n)) * k1 +
    (root / n) * (k2 / (72 * z4 * z2 * z) - whole2 / (36 * z2 * z)) +
    (root / n ** 1.5) * (k3 / (6480 * z4 * z6) + whole3 / (216 * z6))
  );
}

function checked(alpha: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new UsageError('drift.domain', `alpha must be in (0, 1), got ${alpha}.`);
  return alpha;
}
