import { UsageError } from '@edge-blueprints/contracts';
import { logGamma } from './gamma.js';
import { invertDecreasing } from './invert.js';

/** Continued fraction of the incomplete beta (Abramowitz and Stegun 26.5.8), Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/**
 * Regularised incomplete beta I_x(a, b): P(X <= x) of the beta distribution.
 * @throws UsageError `drift.domain` unless a, b > 0 and 0 <= x <= 1
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
    throw new UsageError('drift.domain', `betaCdf needs a, b > 0 and x in [0, 1], got ${a}, ${b}, ${x}.`);
  if (x === 0 || x === 1) return x;
  const kernel = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (kernel * betaFraction(x, a, b)) / a
    : 1 - (kernel * betaFraction(1 - x, b, a)) / b;
}

/** x with P(X <= x) = p of the beta distribution. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new UsageError('drift.domain', `A probability was expected, got ${p}.`);
  if (p === 0 || p === 1) return p;
  return invertDecreasing((x) => -betaCdf(x, a, b), -p, 0, 1);
}
