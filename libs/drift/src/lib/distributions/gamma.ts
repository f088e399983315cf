import { UsageError } from '@edge-blueprints/contracts';

/** B(2k) / (2k (2k - 1)), k = 1..9: coefficients of Stirling's series (Abramowitz and Stegun 6.1.40). */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
  -3617 / 122_400,
  43_867 / 244_188,
] as const;

const shiftTo = 15;
const mostTerms = 100_000;

/** ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi) / 2], for x >= 15. */
function stirlingTail(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k--) sum = sum * inverseSquare + (stirling[k] ?? 0);
  return sum / x;
}

/** Natural logarithm of the gamma function for x > 0; absolute error below 1e-13 up to x = 100, relative beyond. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new UsageError('drift.domain', `logGamma needs x > 0, got ${x}.`);
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let at = x;
  while (at < shiftTo) {
    product *= at;
    at += 1;
  }
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + stirlingTail(at) - Math.log(product);
}

/** x^a e^-x / Gamma(a), without the cancellation of large a. */
function gammaKernel(a: number, x: number): number {
  if (a < shiftTo) return Math.exp(a * Math.log(x) - x - logGamma(a));
  const u = (x - a) / a;
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * (Math.log1p(u) - u) - stirlingTail(a));
}

/**
 * Regularised lower incomplete gamma P(a, x) and its complement Q(a, x) = 1 - P, each accurate in its own tail.
 * Series for x < a + 1, Lentz's continued fraction otherwise (Abramowitz and Stegun 6.5.29, 6.5.31).
 * @throws UsageError `drift.domain` unless a > 0 and x >= 0
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(a > 0 && x >= 0)) throw new UsageError('drift.domain', `incompleteGamma needs a > 0, x >= 0, got ${a}, ${x}.`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k < mostTerms && term > sum * 1e-17; k++) {
      term *= x / (a + k);
      sum += term;
    }
    const lower = Math.min(1, sum * gammaKernel(a, x));
    return { lower, upper: 1 - lower };
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < mostTerms; k++) {
    const an = -k * (k - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  const upper = Math.min(1, fraction * gammaKernel(a, x));
  return { lower: 1 - upper, upper };
}
