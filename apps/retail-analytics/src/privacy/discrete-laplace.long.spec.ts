import { expect, it } from 'vitest';
import { createSeededBits } from '../testing/seeded-bits.js';
import { goodnessOfFit, provenEpsilon } from '../testing/noise-audit.js';
import { discreteLaplace, noiseScale } from './discrete-laplace.js';

it.each([
  [1_000_000, 1],
  [350_000, 2],
  [250_000, 4],
  [150_000, 100],
])(
  'follows the exact distribution at epsilon %i millionths, sensitivity %i, in 300,000 draws',
  (epsilonMicros, sensitivity) => {
    expect(goodnessOfFit(epsilonMicros, sensitivity, 300_000, createSeededBits(epsilonMicros))).toBeGreaterThan(0.0001);
  },
  120_000,
);

it.each([500_000, 1_000_000])(
  'shows at most epsilon %i millionths of a neighbour in 300,000 pairs of answers',
  (micros) => {
    const bits = createSeededBits(micros);
    const scale = noiseScale(micros, 1);
    const proven = provenEpsilon((input) => BigInt(input) + discreteLaplace(scale, bits), 300_000, [
      -1n,
      0n,
      1n,
      2n,
      3n,
    ]);
    expect(proven).toBeLessThanOrEqual(micros / 1e6);
    expect(proven).toBeGreaterThan((micros / 1e6) * 0.95);
  },
  120_000,
);
