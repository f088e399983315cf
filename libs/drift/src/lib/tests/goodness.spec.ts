import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { chiSquareThreshold } from '../distributions/chi-square.js';
import { andersonDarling } from './anderson-darling.js';
import { chiSquareContingency, chiSquareFit } from './chi-square.js';
import { cramerVonMises } from './cramer-von-mises.js';
import { permutationTail } from './permutation.js';

/** Values of scipy 1.17.1 from the calls that each block names. */
const range = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
const from = range(40, (i) => Math.sin((i + 1) ** 2 * 0.7) * 3);
const to = range(27, (i) => Math.cos((i + 1) ** 2 * 0.3) * 3 + 0.5);
const ties = [
  [1, 1, 2, 2, 3, 3],
  [2, 2, 3, 3, 4, 4],
] as const;
const a10 = range(10, (i) => i + 1);
const b10 = range(10, (i) => i + 6);

const uniform = (pValues: readonly number[]): void => {
  const bins = range(10, () => 0);
  for (const p of pValues) bins[Math.min(9, Math.ceil(p * 10 - 1e-9) - 1)]! += 1;
  const each = pValues.length / 10;
  expect(bins.reduce((sum, n) => sum + (n - each) ** 2 / each, 0)).toBeLessThan(chiSquareThreshold(0.001, 9));
};

describe('chi-square', () => {
  it('goodness of fit is scipy.stats.chisquare', () => {
    const result = chiSquareFit([10, 20, 30, 40], [25, 25, 25, 25]);
    expect(result).toMatchObject({ statistic: 20, degrees: 3, leastExpected: 25 });
    expect(result.pValue).toBeCloseTo(0.00016974243555282632, 15);
    expect(chiSquareFit([1, 2], [0, 1]).pValue).toBe(0);
    expect(chiSquareFit([0, 2, 2], [0, 1, 1])).toMatchObject({ statistic: 0, degrees: 1, pValue: 1 });
  });

  it.each([
    [
      [
        [10, 20, 30, 40],
        [25, 25, 25, 25],
      ],
      10.900210900210901,
      3,
      0.012277894009958807,
    ],
    [
      [
        [10, 20, 30, 40],
        [25, 25, 20, 30],
      ],
      10.412698412698413,
      3,
      0.01536496041942582,
    ],
    [
      [
        [10, 20, 30],
        [25, 25, 20],
        [7, 9, 30],
      ],
      18.04582251580181,
      4,
      0.0012089081770428416,
    ],
  ])('of a contingency table is chi2_contingency(correction=False)', (rows, statistic, degrees, pValue) => {
    const result = chiSquareContingency(rows);
    expect(result.statistic).toBeCloseTo(statistic, 12);
    expect(result.degrees).toBe(degrees);
    expect(result.pValue).toBeCloseTo(pValue, 14);
    expect(chiSquareContingency(rows.map((row) => [...row, 0]))).toEqual(result);
  });

  it('refuses tables that are none', () => {
    expect(() => chiSquareContingency([[1, 2]])).toThrow('two rows');
    expect(() => chiSquareContingency([[1, 2], [1]])).toThrow('same number');
    expect(() => chiSquareFit([1, 2], [1])).toThrow('2 counts');
  });

  it('has uniform p-values on identical distributions', () => {
    const random = createRandom(21);
    const draw = (): number[] => {
      const counts = range(8, () => 0);
      for (let i = 0; i < 400; i++) counts[random.integer(0, 7)]! += 1;
      return counts;
    };
    uniform(range(1000, () => chiSquareContingency([draw(), draw()]).pValue));
  });
});

describe('Cramer-von Mises', () => {
  // scipy.stats.cramervonmises_2samp(x, y, method='exact' | 'asymptotic')
  it.each([
    ['A', a10, b10, 'exact', 0.8375, 0.00479551408343978],
    ['A', a10, b10, 'limit', 0.8375, 0.005615138849317414],
    ['waves', from, to, 'limit', 0.11094527363183992, 0.5472795512052115],
    [
      '12 v 8',
      range(12, (i) => Math.sin((i + 1) ** 2 * 0.7)),
      range(8, (i) => Math.cos((i + 1) ** 2 * 0.3) + 0.4),
      'exact',
      0.23124999999999973,
      0.2339445899817417,
    ],
    ['ties', ties[0], ties[1], 'exact', 0.2777777777777777, 0.17532467532467533],
    ['ties', ties[0], ties[1], 'limit', 0.2777777777777777, 0.16574869012911386],
  ] as const)('oracle %s', (_, a, b, method, statistic, pValue) => {
    const result = cramerVonMises(a, b, { method });
    expect(result.method).toBe(method);
    expect(result.statistic).toBeCloseTo(statistic, 12);
    expect(result.pValue).toBeCloseTo(pValue, 11);
  });

  it('counts exactly up to 20 values a side, whatever the sizes', () => {
    const random = createRandom(22);
    const x = range(20, () => random.normal());
    const y = range(19, () => random.normal());
    const exact = cramerVonMises(x, y);
    expect(exact.method).toBe('exact');
    expect(cramerVonMises(x, y, { method: 'limit' }).pValue).toBeCloseTo(exact.pValue, 1);
    expect(cramerVonMises([...x, 0], y).method).toBe('limit');
  });

  it('has uniform p-values on identical distributions', () => {
    const random = createRandom(23);
    const draw = (n: number): number[] => range(n, () => random.next());
    uniform(range(1000, () => cramerVonMises(draw(90), draw(70)).pValue));
  });
});

describe('k-sample Anderson-Darling', () => {
  // scipy.stats.anderson_ksamp(samples).statistic, midranks
  it.each([
    [[a10, b10], 5.093343298056228],
    [[from, to], 0.07880660002371223],
    [ties, 1.8267564110636794],
    [[from, to, from.slice(0, 20).map((v) => v + 0.3)], -0.5015471848367861],
  ])('oracle %#', (samples, statistic) => expect(andersonDarling(samples)).toBeCloseTo(statistic, 11));

  it('refuses one sample, and a constant', () => {
    expect(() => andersonDarling([[1, 2]])).toThrow('two samples');
    expect(() => andersonDarling([[1], [1]])).toThrow('differ');
  });
});

describe('permutation p-values', () => {
  it('count the observed split and those at least as far out', () => {
    // Of the 20 splits of 3 v 3 two are as far out as 123 v 456.
    const values = [1, 2, 3, 4, 5, 6];
    const apart = (order: Uint32Array): number =>
      Math.abs([...order.subarray(0, 3)].reduce((sum, i) => sum + values[i]!, 0) - 10.5);
    const { observed, pValue } = permutationTail(6, apart, { rounds: 4999, seed: 3 });
    expect(observed).toBe(4.5);
    expect(pValue).toBeGreaterThan(0.1 - 0.02);
    expect(pValue).toBeLessThan(0.1 + 0.02);
    expect(permutationTail(6, apart, { rounds: 4999, seed: 3 }).pValue).toBe(pValue);
    expect(() => permutationTail(6, apart, { rounds: 0, seed: 3 })).toThrow('At least one');
  });
});
