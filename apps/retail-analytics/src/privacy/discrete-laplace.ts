import { UsageError } from '@edge-blueprints/contracts';
import { uniformBelow } from './random-bits.js';
import type { RandomBits } from './release-ports.js';

/** Scale of the noise as an exact fraction: P(x) is proportional to exp(-|x| numerator / denominator). */
export interface NoiseScale {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The scale that makes a query of this L1 sensitivity private: epsilon / sensitivity, in lowest terms.
 * @param epsilonMicros epsilon in millionths
 * @throws UsageError `privacy.parameters`
 */
export function noiseScale(epsilonMicros: number, sensitivity: number): NoiseScale {
  if (!Number.isSafeInteger(epsilonMicros) || epsilonMicros <= 0)
    throw invalid(`epsilon ${epsilonMicros} millionths is not a whole number above zero`);
  if (!Number.isSafeInteger(sensitivity) || sensitivity <= 0)
    throw invalid(`sensitivity ${sensitivity} is not a whole number above zero`);
  const numerator = BigInt(epsilonMicros);
  const denominator = BigInt(sensitivity) * 1_000_000n;
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/**
 * One exact draw from the discrete Laplace distribution, in whole numbers from uniform bits to result
 * (Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020, algorithm 2). There is no
 * rounding that an attacker could read the true value from.
 * @throws UsageError `privacy.parameters`
 */
export function discreteLaplace({ numerator: s, denominator: t }: NoiseScale, bits: RandomBits): bigint {
  if (s <= 0n || t <= 0n) throw invalid(`a scale of ${s}/${t} is not above zero`);
  for (;;) {
    const u = uniformBelow(t, bits);
    if (!bernoulliExp(u, t, bits)) continue;
    let v = 0n;
    while (bernoulliExp(1n, 1n, bits)) v += 1n;
    const magnitude = (u + t * v) / s;
    const negative = uniformBelow(2n, bits) === 1n;
    // Zero would otherwise come with both signs, twice as often as it should.
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** True with probability exp(-n/d), exactly, for 0 <= n/d <= 1 (algorithm 1 of the same paper). */
export function bernoulliExp(n: bigint, d: bigint, bits: RandomBits): boolean {
  if (d <= 0n || n < 0n || n > d) throw invalid(`exp(-${n}/${d}) is not a probability that this method draws`);
  let k = 1n;
  while (uniformBelow(d * k, bits) < n) k += 1n;
  return k % 2n === 1n;
}

/** The noise lies within plus or minus this with at least the given probability: the exact quantile. */
export function noiseQuantile({ numerator, denominator }: NoiseScale, probability: number): number {
  const rate = Number(numerator) / Number(denominator);
  // P(|X| > m) = 2 exp(-(m + 1) rate) / (1 + exp(-rate))
  const m = Math.log(2 / ((1 - probability) * (1 + Math.exp(-rate)))) / rate - 1;
  return Math.max(0, Math.ceil(m - 1e-9));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function invalid(what: string): UsageError {
  return new UsageError('privacy.parameters', `Noise cannot be drawn: ${what}. Correct the privacy settings.`);
}
