import fc from 'fast-check';
import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { chiSquareThreshold } from '../distributions/chi-square.js';
import { histogramKs } from './histogram-ks.js';
import { kolmogorovSmirnov, ksStatistic } from './kolmogorov-smirnov.js';
import { largestDifference } from './largest-difference.js';
import { outerPathShare } from './lattice-paths.js';
import { sortSamples } from './sorted-samples.js';

const range = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
const from = range(40, (i) => Math.sin((i + 1) ** 2 * 0.7) * 3);
const to = range(27, (i) => Math.cos((i + 1) ** 2 * 0.3) * 3 + 0.5);
const small = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 25 });

describe('the two-sample Kolmogorov-Smirnov test', () => {
  // scipy 1.17.1: ks_2samp(a, b, method='exact' | 'asymp'); the limit: scipy.special.kolmogorov.
  it.each([
    ['A', range(10, (i) => i + 1), range(10, (i) => i + 6), 0.5, 15503 / 92378, 0.112, 0.164079197727],
    ['B', range(5, (i) => i + 1), range(5, (i) => i + 6), 1, 1 / 126, 0, null],
    ['C', range(7, (i) => i + 1), [2.5, 4.5, 8, 9], 0.5, 0.4151515151515151, 0.3333333333333333, null],
    ['D, ties', [1, 1, 2, 2, 3, 3], [2, 2, 3, 3, 4, 4], 1 / 3, 0.9307359307359307, 0.7777777777777778, null],
    ['E', [1, 2, 3, 4], [1, 2, 3, 4], 0, 1, 1, 1],
    [
      'G',
      range(1000, (i) => (i + 0.5) / 1000),
      range(1000, (i) => ((i + 0.5) / 1000) ** 2),
      0.25,
      7.613348817400856e-28,
      5.084052233779369e-28,
      1.43755634781e-27,
    ],
    [
      'H',
      range(100, (i) => (i + 0.5) / 100),
      range(37, (i) => (1.2 * (i + 0.5)) / 37),
      0.17918918918918919,
      0.30516379384867515,
      0.31277693589258115,
      null,
    ],
    ['waves', from, to, 0.15, 0.797860128820081, 0.8137958523827287, null],
    [
      '300 v 299',
      range(300, (i) => i / 300),
      range(299, (i) => (i / 299) * 1.1),
      0.09364548494983277,
      0.1329359071434948,
      null,
      null,
    ],
  ] as const)('oracle %s', (_, a, b, statistic, exact, finite, limit) => {
    const result = kolmogorovSmirnov([...a], [...b]);
    expect(result).toMatchObject({ method: 'exact', test: 'kolmogorov-smirnov' });
    expect(result.statistic).toBeCloseTo(statistic, 14);
    expect(result.pValue / exact).toBeCloseTo(1, 11);
    if (finite !== null) {
      const p = kolmogorovSmirnov([...a], [...b], { method: 'finite-n' }).pValue;
      if (finite === 0) expect(p).toBe(0);
      else expect(p / finite).toBeCloseTo(1, 9);
    }
    if (limit !== null)
      expect(kolmogorovSmirnov([...a], [...b], { method: 'limit' }).pValue / limit).toBeCloseTo(1, 10);
  });

  it('says where and in which direction', () => {
    expect(kolmogorovSmirnov(from, to)).toMatchObject({ at: -2.5720155093080592, sign: 1 });
    expect(kolmogorovSmirnov(to, from)).toMatchObject({ at: -2.5720155093080592, sign: -1 });
    expect(kolmogorovSmirnov([1], [1]).sign).toBe(0);
  });

  it('goes over to the finite-n distribution above 10,000 values', () => {
    const many = range(10_001, (i) => i);
    expect(kolmogorovSmirnov(many, [1, 2, 3]).method).toBe('finite-n');
  });

  it('refuses NaN and nothing at all', () => {
    expect(() => kolmogorovSmirnov([1, Number.NaN], [1])).toThrow('no rank');
    expect(() => kolmogorovSmirnov([1], [])).toThrow('at least one');
  });

  it('does not change with the order of values, with a monotone map, or with the order of samples', () => {
    fc.assert(
      fc.property(small, small, fc.nat(), (a, b, seed) => {
        const plain = kolmogorovSmirnov(a, b);
        const random = createRandom(seed);
        const shuffled = a.map((v) => [random.next(), v] as const).sort((x, y) => x[0] - y[0]);
        expect(
          kolmogorovSmirnov(
            shuffled.map(([, v]) => v),
            b,
          ),
        ).toEqual(plain);
        const mapped = kolmogorovSmirnov(a.map(Math.exp), b.map(Math.exp));
        expect([mapped.statistic, mapped.pValue]).toEqual([plain.statistic, plain.pValue]);
        const swapped = kolmogorovSmirnov(b, a);
        expect(swapped.statistic).toBe(plain.statistic);
        expect(swapped.pValue).toBeCloseTo(plain.pValue, 12);
      }),
    );
  });

  it('measures the largest difference of the distribution functions', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const share = (values: number[], x: number): number => values.filter((v) => v <= x).length / values.length;
        const most = Math.max(...[...a, ...b].map((x) => Math.abs(share(a, x) - share(b, x))));
        expect(ksStatistic(sortSamples(a), sortSamples(b))).toBeCloseTo(most, 12);
      }),
    );
  });

  it('finds the same difference in long samples without merging all of them', () => {
    const random = createRandom(13);
    // Ties across blocks, one value only, samples apart, one side short: compared with counting at every value.
    const draws: readonly (() => number)[] = [
      () => random.normal(),
      () => random.integer(0, 30),
      () => Math.round(random.normal() * 100),
      () => (random.next() < 0.9 ? 5 : random.normal()),
      () => 1,
      () => 100 + random.next(),
    ];
    for (const one of draws)
      for (const two of draws)
        for (const m of [3, 2001]) {
          const a = sortSamples(range(4500, one));
          const b = sortSamples(range(m, two));
          let [most, i, j] = [0, 0, 0];
          let signed = 0;
          for (const value of new Set([...a, ...b].sort((x, y) => x - y))) {
            while (i < a.length && a[i]! <= value) i += 1;
            while (j < b.length && b[j]! <= value) j += 1;
            const difference = i * b.length - j * a.length;
            if (Math.abs(difference) > most) [most, signed] = [Math.abs(difference), Math.sign(difference)];
          }
          const found = largestDifference(a, b);
          expect(found.most).toBe(most);
          const back = largestDifference(b, a);
          expect(back.most).toBe(most);
          if (found.sign === signed) {
            const below = (values: typeof a): number => values.filter((v) => v <= found.at).length;
            expect(Math.abs(below(a) * b.length - below(b) * a.length)).toBe(most);
          }
        }
  });

  it('has uniform p-values on identical distributions: 1,000 windows, ten bins', () => {
    const random = createRandom(11);
    const bins = new Float64Array(10);
    for (let run = 0; run < 1000; run++) {
      const a = range(101, () => random.normal());
      const b = range(100, () => random.normal());
      bins[Math.min(9, Math.floor(kolmogorovSmirnov(a, b).pValue * 10))]! += 1;
    }
    const chi2 = bins.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chi2).toBeLessThan(chiSquareThreshold(0.001, 9));
  });

  it('sees a shift of 0.3 deviations in 500 values against 5,000', () => {
    const random = createRandom(12);
    const reference = range(5000, () => random.normal());
    const shifted = range(500, () => random.normal() + 0.3);
    expect(kolmogorovSmirnov(reference, shifted).pValue).toBeLessThan(1e-4);
  });
});

describe('lattice paths', () => {
  const choose = (n: bigint, k: bigint): bigint => {
    let c = 1n;
    for (let i = 1n; i <= k; i++) c = (c * (n - k + i)) / i;
    return c;
  };
  /** P(D >= k / n) as a fraction of whole numbers. */
  const closedForm = (n: bigint, k: bigint): number => {
    let sum = 0n;
    for (let j = 1n; j * k <= n; j++) sum += (j % 2n === 1n ? 1n : -1n) * choose(2n * n, n + j * k);
    return Number((2n * sum * 10n ** 40n) / choose(2n * n, n)) / 1e40;
  };

  it('of equal sizes agree with the closed form in whole numbers', () => {
    expect(closedForm(20n, 8n)).toBeCloseTo(55309 / 682341, 15);
    expect(outerPathShare(20, 20, 8 * 20)).toBeCloseTo(0.0810577116134015, 14);
    expect(outerPathShare(50, 50, 12 * 50)).toBeCloseTo(0.112385248455124, 14);
    expect(outerPathShare(100, 100, 20 * 100)).toBeCloseTo(0.0363842878749173, 14);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (n, k) => {
        fc.pre(k <= n);
        expect(outerPathShare(n, n, k * n)).toBeCloseTo(Math.min(1, closedForm(BigInt(n), BigInt(k))), 12);
      }),
    );
  });

  it('agree with counting every path, for sizes that differ', () => {
    const outside = (n: number, m: number, reach: number, i: number, j: number): [number, number] => {
      if (i > n || j > m) return [0, 0];
      if (Math.abs(i * m - j * n) >= reach) {
        const paths = Number(choose(BigInt(n - i + m - j), BigInt(n - i)));
        return [paths, paths];
      }
      if (i === n && j === m) return [0, 1];
      const [a, b] = [outside(n, m, reach, i + 1, j), outside(n, m, reach, i, j + 1)];
      return [a[0] + b[0], a[1] + b[1]];
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 }), fc.nat(42), (n, m, reach) => {
        fc.pre(reach > 0 && reach <= n * m);
        const [touched, all] = outside(n, m, reach, 0, 0);
        expect(outerPathShare(n, m, reach)).toBeCloseTo(touched / all, 12);
      }),
    );
  });
});

describe('sorted samples', () => {
  it('of many 32-bit floats come in the order of numbers, signs, zeros and infinities included', () => {
    const random = createRandom(3);
    const values = Float32Array.from({ length: 9000 }, (_, i) =>
      i % 7 === 0 ? random.integer(-3, 3) : random.normal() * 10 ** random.integer(-40, 37),
    );
    values.set([Infinity, -Infinity, 0, -0, 1e-45, -1e-45]);
    const kept = values.slice();
    expect(sortSamples(values)).toEqual(values.slice().sort());
    expect(values).toEqual(kept);
    expect(sortSamples(values.subarray(5, 8000))).toEqual(values.slice(5, 8000).sort());
    values[77] = Number.NaN;
    expect(() => sortSamples(values)).toThrow('NaN');
    new Uint32Array(values.buffer)[77] = 0xffc00000;
    expect(() => sortSamples(values)).toThrow('NaN');
  });
});

describe('Kolmogorov-Smirnov of histograms', () => {
  it('bounds D of the raw values from both sides, the gap no wider than the largest reference bin', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const edges = [-3, 0, 1, 4];
        const counts = (values: number[]): number[] => {
          const out = [0, 0, 0, 0, 0];
          for (const v of values) out[edges.filter((edge) => v > edge).length]! += 1;
          return out;
        };
        const result = histogramKs(counts(a), counts(b));
        const d = ksStatistic(sortSamples(a), sortSamples(b));
        expect(result.statistic).toBeLessThanOrEqual(d + 1e-12);
        expect(result.upperBound).toBeGreaterThanOrEqual(d - 1e-12);
        const widest = Math.max(...counts(a)) / a.length;
        expect(result.upperBound - result.statistic).toBeLessThanOrEqual(widest + 1e-12);
      }),
    );
  });

  it('takes the worth of dependent values and says which bin', () => {
    const result = histogramKs([10, 10, 10, 10], [20, 10, 5, 5]);
    expect(result).toMatchObject({ statistic: 0.25, bin: 0 });
    expect(histogramKs([10, 10], [20, 0], { reference: 5, current: 5 }).pValue).toBeGreaterThan(
      histogramKs([10, 10], [20, 0]).pValue,
    );
  });
});
