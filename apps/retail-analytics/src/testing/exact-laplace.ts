/**
 * Probabilities of the discrete Laplace distribution as whole parts of 10^40, from its definition and not from the sampler:
 * P(x) = (1 - r) / (1 + r) r^|x|, r = exp(-n/d) by its series in BigInt.
 */
const one = 10n ** 40n;

export function exactProbability(numerator: bigint, denominator: bigint, x: bigint): number {
  const r = expMinus(numerator, denominator);
  let power = one;
  for (let i = 0n; i < (x < 0n ? -x : x); i += 1n) power = (power * r) / one;
  return Number(((one - r) * power) / (one + r) / 10n ** 20n) / 1e20;
}

function expMinus(n: bigint, d: bigint): bigint {
  let term = one;
  let sum = one;
  for (let k = 1n; term > 0n; k += 1n) {
    term = (term * n) / (d * k);
    sum += k % 2n === 1n ? -term : term;
  }
  return sum;
}

/** Upper tail of the chi-square distribution by the cube-root approximation of Wilson and Hilferty (1931). */
export function chiSquareTail(statistic: number, degrees: number): number {
  const z = (Math.cbrt(statistic / degrees) - (1 - 2 / (9 * degrees))) / Math.sqrt(2 / (9 * degrees));
  return normalTail(z);
}

/** Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

/** Clopper-Pearson bounds of a proportion, by bisection on the exact binomial tail. */
export function clopperPearson(
  hits: number,
  trials: number,
  alpha: number,
): { readonly low: number; readonly high: number } {
  const bisect = (tail: (p: number) => boolean): number => {
    let [low, high] = [0, 1];
    for (let i = 0; i < 60; i += 1) {
      const middle = (low + high) / 2;
      if (tail(middle)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return {
    low: hits === 0 ? 0 : bisect((p) => binomialAtLeast(hits, trials, p) < alpha / 2),
    high: hits === trials ? 1 : bisect((p) => 1 - binomialAtLeast(hits + 1, trials, p) > alpha / 2),
  };
}

function binomialAtLeast(k: number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const spread = 12 * Math.sqrt(n * p * (1 - p)) + 50;
  const top = Math.min(n, Math.max(k, Math.ceil(n * p + spread)));
  let sum = 0;
  for (let i = k; i <= top; i += 1)
    sum += Math.exp(
      logFactorial(n) - logFactorial(i) - logFactorial(n - i) + i * Math.log(p) + (n - i) * Math.log1p(-p),
    );
  return Math.min(1, sum);
}

const logFactorials = [0];
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i += 1) logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  return logFactorials[n] ?? 0;
}
