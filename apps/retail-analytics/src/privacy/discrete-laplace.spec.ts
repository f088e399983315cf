import { describe, expect, it } from 'vitest';
import { createSeededBits } from '../testing/seeded-bits.js';
import { exactProbability } from '../testing/exact-laplace.js';
import { goodnessOfFit, provenEpsilon } from '../testing/noise-audit.js';
import { bernoulliExp, discreteLaplace, noiseQuantile, noiseScale } from './discrete-laplace.js';
import { createSystemBits, uniformBelow } from './random-bits.js';

describe('discrete Laplace noise', () => {
  it('follows the exact distribution', () => {
    expect(goodnessOfFit(1_000_000, 1, 20_000, createSeededBits(11))).toBeGreaterThan(0.001);
    expect(goodnessOfFit(350_000, 2, 15_000, createSeededBits(12))).toBeGreaterThan(0.001);
  });

  it('is told from a distribution with another epsilon by the same test', () => {
    const bits = createSeededBits(13);
    const p = exactProbability(1n, 1n, 0n);
    let zeros = 0;
    for (let i = 0; i < 10_000; i += 1) if (discreteLaplace(noiseScale(900_000, 1), bits) === 0n) zeros += 1;
    expect(Math.abs(zeros / 10_000 - p)).toBeGreaterThan(3 * Math.sqrt((p * (1 - p)) / 10_000));
  });

  it('shows no more of a neighbour than epsilon, and nearly that much', () => {
    const bits = createSeededBits(14);
    const scale = noiseScale(1_000_000, 1);
    const proven = provenEpsilon((input) => 20n + BigInt(input) + discreteLaplace(scale, bits), 10_000, [
      20n,
      21n,
      22n,
    ]);
    expect(proven).toBeLessThanOrEqual(1);
    expect(proven).toBeGreaterThan(0.8);
  });

  it('is caught by the audit where its noise is too small', () => {
    const bits = createSeededBits(15);
    const scale = noiseScale(2_000_000, 1);
    expect(
      provenEpsilon((input) => BigInt(input) + discreteLaplace(scale, bits), 10_000, [0n, 1n, 2n]),
    ).toBeGreaterThan(1.2);
  });

  it('draws exp(-n/d) as often as it says', () => {
    const bits = createSeededBits(16);
    for (const [n, d] of [
      [1n, 3n],
      [1n, 1n],
      [0n, 1n],
    ] as const) {
      let hits = 0;
      for (let i = 0; i < 5_000; i += 1) if (bernoulliExp(n, d, bits)) hits += 1;
      const p = Math.exp(-Number(n) / Number(d));
      expect(Math.abs(hits / 5_000 - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / 5_000));
    }
  });

  it('gives the errors of the published table', () => {
    const error = (sensitivity: number) => noiseQuantile(noiseScale(500_000, sensitivity), 0.95);
    expect([1, 2, 3, 4, 6, 100].map(error)).toEqual([6, 12, 18, 24, 36, 599]);
  });

  it('covers 95 % and not with a smaller number', () => {
    const { numerator, denominator } = noiseScale(350_000, 2);
    const within = (m: number): number => {
      let sum = 0;
      for (let x = -m; x <= m; x += 1) sum += exactProbability(numerator, denominator, BigInt(x));
      return sum;
    };
    const m = noiseQuantile({ numerator, denominator }, 0.95);
    expect(within(m)).toBeGreaterThanOrEqual(0.95);
    expect(within(m - 1)).toBeLessThan(0.95);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
    [1, 0],
    [1, -2],
    [1, 1.5],
    [Infinity, 1],
  ])('refuses epsilon %s with sensitivity %s', (epsilonMicros, sensitivity) => {
    expect(() => noiseScale(epsilonMicros, sensitivity)).toThrow(
      expect.objectContaining({ code: 'privacy.parameters' }),
    );
  });

  it('refuses probabilities outside of its method', () => {
    const bits = createSeededBits(1);
    expect(() => bernoulliExp(2n, 1n, bits)).toThrow(/not a probability/);
    expect(() => discreteLaplace({ numerator: 0n, denominator: 1n }, bits)).toThrow(/not above zero/);
  });
});

describe('random bits', () => {
  it('are uniform below a bound that is no power of two', () => {
    const bits = createSystemBits();
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 5_000; i += 1) counts[Number(uniformBelow(5n, bits))]! += 1;
    const statistic = counts.reduce((sum, c) => sum + (c - 1_000) ** 2 / 1_000, 0);
    expect(statistic).toBeLessThan(30);
  });

  it('are never handed out twice, across the end of a block as well', () => {
    const bits = createSystemBits();
    const drawn = new Set(Array.from({ length: 3_000 }, () => Buffer.from(bits.bytes(16)).toString('hex')));
    expect(drawn.size).toBe(3_000);
  });
});
