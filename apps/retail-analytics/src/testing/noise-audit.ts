import { discreteLaplace, noiseScale } from '../privacy/discrete-laplace.js';
import type { RandomBits } from '../privacy/release-ports.js';
import { chiSquareTail, clopperPearson, exactProbability } from './exact-laplace.js';

/** @returns the p-value of many draws against the exact distribution; cells of few expected draws are joined to their tail */
export function goodnessOfFit(epsilonMicros: number, sensitivity: number, draws: number, bits: RandomBits): number {
  const scale = noiseScale(epsilonMicros, sensitivity);
  const seen = new Map<bigint, number>();
  for (let i = 0; i < draws; i += 1) {
    const x = discreteLaplace(scale, bits);
    seen.set(x, (seen.get(x) ?? 0) + 1);
  }
  let statistic = 0;
  let cells = 0;
  let restExpected = draws;
  let restSeen = draws;
  for (let m = 0n; ; m += 1n) {
    const expected = draws * exactProbability(scale.numerator, scale.denominator, m);
    if (expected < 25) break;
    for (const x of m === 0n ? [0n] : [m, -m]) {
      const found = seen.get(x) ?? 0;
      statistic += (found - expected) ** 2 / expected;
      cells += 1;
      restExpected -= expected;
      restSeen -= found;
    }
  }
  statistic += (restSeen - restExpected) ** 2 / restExpected;
  return chiSquareTail(statistic, cells);
}

/**
 * The largest epsilon that this many answers to two neighbouring inputs prove with 99 % confidence, over all one-sided events:
 * a lower bound of the loss that really is there. It must not be above what the mechanism promises.
 * @param answer to input 0 or 1, which differ by one track
 */
export function provenEpsilon(answer: (input: 0 | 1) => bigint, draws: number, thresholds: readonly bigint[]): number {
  const of = (input: 0 | 1): readonly bigint[] => Array.from({ length: draws }, () => answer(input));
  const [a, b] = [of(0), of(1)];
  const alpha = 0.01 / (2 * thresholds.length);
  let most = 0;
  for (const threshold of thresholds)
    for (const event of [(x: bigint) => x >= threshold, (x: bigint) => x < threshold])
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const p = clopperPearson(one.filter(event).length, draws, alpha).low;
        const q = clopperPearson(other.filter(event).length, draws, alpha).high;
        if (p > 0) most = Math.max(most, Math.log(p / q));
      }
  return most;
}
