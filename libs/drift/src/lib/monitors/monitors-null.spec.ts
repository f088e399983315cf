import { createRandom, type DriftReference, type Random } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezeReference } from '../accumulators/freeze-reference.js';
import { outerPathShare } from '../tests/lattice-paths.js';
import { categoryTest } from './category-test.js';
import { testWindow } from './feature-monitor.js';
import { prepareReference } from './prepared-reference.js';
import { tiedKolmogorovSmirnov } from './tied-kolmogorov-smirnov.js';

describe('tiedKolmogorovSmirnov', () => {
  it('is the lattice-path p-value where nothing is tied', () => {
    const random = createRandom(2);
    for (const [n, m] of [
      [10, 10],
      [37, 100],
      [200, 30],
      [5, 5],
    ] as const) {
      const a = Float64Array.from({ length: n }, () => random.next()).sort();
      const b = Float64Array.from({ length: m }, () => random.next() ** 1.5).sort();
      const { statistic, pLarger, pEqual } = tiedKolmogorovSmirnov(a, b);
      expect(pLarger + pEqual).toBeCloseTo(outerPathShare(n, m, Math.round(statistic * n * m)), 12);
    }
  });

  // 1..10 against 6..15: 15503/92378 untied. Here five pairs are tied, so the exact value is smaller or equal.
  it('is every arrangement counted by hand where values are tied', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 5 }),
        (first, second) => {
          const d = (a: readonly number[], b: readonly number[]): number =>
            Math.max(
              ...[0, 1, 2, 3].map((x) =>
                Math.abs(a.filter((v) => v <= x).length * b.length - b.filter((v) => v <= x).length * a.length),
              ),
            );
          const pooled = [...first, ...second];
          const observed = d(first, second);
          let larger = 0;
          let equal = 0;
          let all = 0;
          for (let mask = 0; mask < 1 << pooled.length; mask++) {
            const a = pooled.filter((_, i) => (mask >> i) & 1);
            if (a.length !== first.length) continue;
            const other = d(
              a,
              pooled.filter((_, i) => !((mask >> i) & 1)),
            );
            all += 1;
            if (other > observed) larger += 1;
            if (other === observed) equal += 1;
          }
          const sort = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
          const result = tiedKolmogorovSmirnov(sort(first), sort(second));
          expect(result.pLarger).toBeCloseTo(larger / all, 10);
          expect(result.pEqual).toBeCloseTo(equal / all, 10);
        },
      ),
      { numRuns: 60 },
    );
  });

  // scipy 1.17.1: ks_2samp(arange(500)+.5, arange(1000, 1100), method='exact').pvalue is 0 to its digits; closed form 2 / C(600, 100).
  it('keeps the digits of very small values', () => {
    const a = Float64Array.from({ length: 30 }, (_, i) => i);
    const b = Float64Array.from({ length: 30 }, (_, i) => 100 + i);
    const { pEqual, pLarger } = tiedKolmogorovSmirnov(a, b);
    expect(pLarger).toBe(0);
    // 2 / C(60, 30)
    expect(pEqual / (2 / 118264581564861424)).toBeCloseTo(1, 9);
  });
});

describe('categoryTest', () => {
  // scipy 1.17.1: fisher_exact([[8, 92], [20, 480]]) sums by probability; here by difference of shares. Closed form of a small table:
  // reference 3 of 4, window 0 of 3; given 3 of 7, difference 3/4: windows with 0 (weight 4) and none with as large a rise; 3 of 3 (weight 1)
  // differs by 1. P = (4 + 1) / 35.
  it('is the hypergeometric sum by hand', () => {
    const { pValue, totalVariation, statistic } = categoryTest([3, 1], [0, 3], 1);
    expect(pValue).toBeCloseTo(5 / 35, 12);
    expect(statistic).toBeCloseTo(0.75, 12);
    expect(totalVariation).toBeCloseTo(0.75, 12);
    expect(categoryTest([3, 1], [0, 3], 0).pValue).toBeCloseTo(1 / 35, 12);
  });

  it('names the category that changed', () => {
    expect(categoryTest([100, 100, 100, 0], [30, 30, 30, 30], 0.5)).toMatchObject({
      category: 3,
      totalVariation: expect.closeTo(0.25, 12),
    });
  });
});

const streams: readonly [string, (random: Random) => number][] = [
  ['normal', (random) => random.normal()],
  ['skewed (log-normal)', (random) => Math.exp(random.normal())],
  ['discrete (five values)', (random) => Math.floor(random.next() * 5)],
  ['rare (3 % ones)', (random) => (random.next() < 0.03 ? 1 : 0)],
];

describe('false alarms of a window over alpha', () => {
  it.each(streams)('are within a tenth of 1, small reference included: %s', (_name, draw) => {
    const random = createRandom(77);
    const windows = 12_000;
    const alpha = 0.05;
    let fired = 0;
    for (let i = 0; i < windows; i++) {
      const reference: Pick<DriftReference, 'sample'> & Partial<DriftReference> = {
        sample: Array.from({ length: 60 }, () => draw(random)).sort((a, b) => a - b),
      };
      const prepared = { sorted: Float64Array.from(reference.sample), mean: 0, scale: 1, stride: 1 };
      const window = Float64Array.from({ length: 25 }, () => draw(random));
      if (testWindow(prepared, window, random.next()).pValue < alpha) fired += 1;
    }
    // Standard error of the ratio: sqrt(0.95 / 0.05 / 12,000) = 4 %.
    expect(fired / windows / alpha).toBeGreaterThan(0.9);
    expect(fired / windows / alpha).toBeLessThan(1.1);
  });
});

describe('prepareReference', () => {
  it('keeps all of an independent reference and what a correlated one is worth', () => {
    const random = createRandom(9);
    let x = 0;
    const correlated = Float64Array.from({ length: 20_000 }, () => (x = 0.9 * x + random.normal()));
    const independent = Float64Array.from({ length: 2000 }, () => random.normal());
    const one = prepareReference(freezeReference(independent, { sampleSize: 2000 }));
    expect(one.stride).toBe(1);
    expect(one.sorted.length).toBe(2000);
    const other = prepareReference(freezeReference(correlated, { sampleSize: 2000 }));
    expect(other.stride).toBeGreaterThan(45);
    expect(other.stride).toBeLessThan(75);
    // 1 / (18 / 20,000 + 1 / 2,000) = 714 for tau = 19.
    expect(other.sorted.length).toBeGreaterThan(600);
    expect(other.sorted.length).toBeLessThan(850);
    expect([...other.sorted]).toEqual([...other.sorted].sort((a, b) => a - b));
  });
});
