import { createRandom, type Random } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movingBlockBootstrap } from './block-bootstrap.js';
import { integratedAutocorrelationTime } from './integrated-autocorrelation-time.js';
import { thin, thinningStride } from './thinning.js';

function autoregressive(rho: number, random: Random, count: number): Float64Array {
  const values = new Float64Array(count);
  let x = random.normal();
  const noise = Math.sqrt(1 - rho * rho);
  for (let i = 0; i < count; i++) {
    values[i] = x;
    x = rho * x + noise * random.normal();
  }
  return values;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

describe('integratedAutocorrelationTime', () => {
  it.each([
    [0.5, 3],
    [0.9, 19],
    [-0.5, 1],
  ])('is (1 + rho) / (1 - rho), at least 1, for AR(1) with rho = %d', (rho, expected) => {
    const { samples, standardError } = integratedAutocorrelationTime(autoregressive(rho, createRandom(5), 60_000));
    expect(Math.abs(samples - expected)).toBeLessThan(Math.max(0.02, 3 * standardError));
    expect(samples / expected).toBeCloseTo(1, 0);
  });

  // By hand: 1..20 has autocovariances gamma(0) = 33.25, gamma(1) = 28.2625, and maximum lag 2: tau = 2 (1 + 0.85) - 1.
  it('is the closed form on a short ramp', () => {
    const ramp = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(integratedAutocorrelationTime(ramp).samples).toBeCloseTo(2 * (1 + 28.2625 / 33.25) - 1, 12);
  });

  it('is never below 1 and the same for any scale and offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0.1, max: 10, noNaN: true }), (seed, scale) => {
        const values = autoregressive(0.6, createRandom(seed), 300);
        const { samples } = integratedAutocorrelationTime(values);
        expect(samples).toBeGreaterThanOrEqual(1);
        expect(integratedAutocorrelationTime(values.map((v) => scale * v + 3)).samples).toBeCloseTo(samples, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses too few values and holes', () => {
    expect(() => integratedAutocorrelationTime([1, 2])).toThrow(/at least 20/);
    expect(() => integratedAutocorrelationTime(Array.from({ length: 30 }, () => NaN))).toThrow(/finite/);
    expect(integratedAutocorrelationTime(new Array<number>(30).fill(4)).samples).toBe(1);
  });
});

describe('thinning', () => {
  it('keeps every sample of an independent stream and one in three tau of a correlated one', () => {
    const random = createRandom(8);
    expect(thinningStride(integratedAutocorrelationTime(autoregressive(0, random, 2000)))).toBe(1);
    const stride = thinningStride(integratedAutocorrelationTime(autoregressive(0.9, random, 60_000)));
    expect(stride).toBeGreaterThan(48);
    expect(stride).toBeLessThan(68);
    expect([...thin([0, 1, 2, 3, 4, 5, 6], 3)]).toEqual([0, 3, 6]);
    expect(() => thin([1], 0)).toThrow(/whole number/);
  });
});

/** Share of null windows whose mean differs significantly from the reference mean, by a z-test for independent samples. */
function zTestRate(reference: Float64Array, windows: number, size: number, next: () => number): number {
  const mean = reference.reduce((a, b) => a + b, 0) / reference.length;
  const variance = reference.reduce((a, b) => a + (b - mean) ** 2, 0) / reference.length;
  let fired = 0;
  for (let w = 0; w < windows; w++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += next();
    if (Math.abs(sum / size - mean) > 1.959964 * Math.sqrt(variance * (1 / size + 1 / reference.length))) fired += 1;
  }
  return fired / windows;
}

describe('neighbouring frames that resemble each other (AR(1), rho = 0.9)', () => {
  const random = createRandom(21);
  const process = autoregressive(0.9, random.fork('process'), 500_000);
  const reference = process.subarray(0, 100_000);
  const alpha = 0.05;

  it('make a naive test fire more than half of the time', () => {
    let at = 100_000;
    expect(zTestRate(reference, 4000, 100, () => process[at++] ?? 0)).toBeGreaterThan(0.5);
  });

  it('leave the level alone after thinning', () => {
    const stride = thinningStride(integratedAutocorrelationTime(reference));
    // Drawn thinned: every stride-th value of an AR(1) process is an AR(1) process with rho to the power of the stride.
    const rounds = 40_000;
    const other = random.fork('thinned');
    const kept = 0.9 ** stride;
    let x = other.normal();
    const next = (): number => {
      const value = x;
      x = kept * x + Math.sqrt(1 - kept * kept) * other.normal();
      return value;
    };
    const rate = zTestRate(thin(reference, 1), rounds, 30, next);
    expect(rate / alpha).toBeGreaterThan(0.9);
    expect(rate / alpha).toBeLessThan(1.1);
  });

  it('leave the level alone with a block bootstrap null, on average over references', () => {
    const level = 0.1;
    const size = 400;
    const references = 60;
    const windowsEach = 150;
    let fired = 0;
    for (let round = 0; round < references; round++) {
      const own = autoregressive(0.9, random.fork(`reference ${round}`), 30_000 + size * windowsEach);
      const known = own.subarray(0, 30_000);
      const { threshold, pValue } = movingBlockBootstrap({
        reference: known,
        windowSamples: size,
        blockSamples: 400,
        rounds: 199,
        random: random.fork(`bootstrap ${round}`),
        statistic: (a, b) => Math.abs(meanOf(a) - meanOf(b)),
      });
      const limit = threshold(level);
      expect(pValue(limit)).toBeCloseTo(level, 2);
      const centre = meanOf(known);
      for (let at = 30_000; at + size <= own.length; at += size)
        if (Math.abs(meanOf(own.subarray(at, at + size)) - centre) >= limit) fired += 1;
    }
    expect(fired / (references * windowsEach) / level).toBeGreaterThan(0.9);
    expect(fired / (references * windowsEach) / level).toBeLessThan(1.1);
  });

  it('refuse a reference shorter than two blocks', () => {
    expect(() =>
      movingBlockBootstrap({
        reference: [1, 2, 3],
        windowSamples: 2,
        blockSamples: 2,
        rounds: 10,
        random,
        statistic: () => 0,
      }),
    ).toThrow(/two blocks/);
  });
});
