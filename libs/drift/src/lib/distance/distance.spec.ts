import fc from 'fast-check';
import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { histogramDistances } from './histogram-distances.js';
import { populationStability, psiOfProportions, psiThreshold } from './population-stability.js';
import { normalisedWasserstein, transportDistances } from './wasserstein.js';

const range = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
const counts = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }).filter((c) => c.some((n) => n > 0));

describe('population stability', () => {
  it.each([
    [[0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4], 0.22821740957339182],
    [[0.5, 0.5], [0.6, 0.4], 0.1 * Math.log(1.5)],
    [range(10, () => 0.1), [0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15, 0.15], 0.10986122886681095],
  ])('of given proportions is the sum of (a - e) ln(a / e)', (e, a, psi) =>
    expect(psiOfProportions(e, a)).toBeCloseTo(psi, 14),
  );

  it('of counts adds half a count a bin', () => {
    expect(populationStability([50, 50, 0], [40, 40, 20]).psi).toBeCloseTo(0.7752203800735229, 14);
  });

  it.each([
    [0.1, 0.009587],
    [0.5, 0.237749],
    [1, 0.926142],
  ])('of a normal shifted by %d deviations over its deciles is the known effect size', (shift, psi) => {
    const edges = range(9, (i) => normalQuantile((i + 1) / 10));
    const shares = (by: number): number[] => {
      const cdf = [0, ...edges.map((edge) => normalCdf(edge - by)), 1];
      return range(10, (i) => cdf[i + 1]! - cdf[i]!);
    };
    expect(psiOfProportions(shares(0), shares(shift))).toBeCloseTo(psi, 6);
  });

  it.each([
    [5000, 500, 0.0372, 0.0477],
    [5000, 1000, 0.0203, 0.026],
    [500, 500, 0.0677, 0.0867],
  ])('has the null thresholds of chi-square: %d against %d', (n, m, at5, at1) => {
    expect(psiThreshold(0.05, 10, n, m)).toBeCloseTo(at5, 4);
    expect(psiThreshold(0.01, 10, n, m)).toBeCloseTo(at1, 4);
    expect(() => psiThreshold(0.05, 1, n, m)).toThrow('2 bins');
  });

  it('has its null mean and alarms with probability alpha, where 0.1 would fire most of the time', () => {
    const random = createRandom(5);
    const draw = (n: number): number[] => {
      const c = range(10, () => 0);
      for (let i = 0; i < n; i++) c[random.integer(0, 9)]! += 1;
      return c;
    };
    let [sum, alarms, over] = [0, 0, 0];
    for (let run = 0; run < 1000; run++) {
      const result = populationStability(draw(500), draw(500));
      sum += result.psi / result.nullMean;
      if (result.pValue < 0.05) alarms += 1;
      if (populationStability(draw(100), draw(100)).psi > 0.1) over += 1;
    }
    expect(sum / 1000).toBeGreaterThan(0.95);
    expect(sum / 1000).toBeLessThan(1.05);
    expect(alarms / 1000).toBeGreaterThan(0.03);
    expect(alarms / 1000).toBeLessThan(0.072);
    expect(over / 1000).toBeCloseTo(0.806, 1);
  });

  it('leaves out bins that are empty on both sides and takes the worth of dependent values', () => {
    expect(populationStability([50, 50, 0], [40, 60, 0])).toEqual(populationStability([50, 50], [40, 60]));
    expect(populationStability([50, 0], [40, 0])).toMatchObject({ psi: 0, pValue: 1, bins: 1 });
    const plain = populationStability([50, 50], [30, 70]);
    const thinned = populationStability([50, 50], [30, 70], { current: 25 });
    expect(thinned.psi).toBe(plain.psi);
    expect(thinned.pValue).toBeGreaterThan(plain.pValue);
  });

  it('names what is wrong with counts', () => {
    expect(() => populationStability([1, 2], [1, 2, 3])).toThrow('2 and 3 bins');
    expect(() => populationStability([0, 0], [1, 2])).toThrow('at least one value');
    expect(() => populationStability([1, -1], [1, 2])).toThrow('Count 1 of reference is -1');
  });
});

describe('distances of histograms', () => {
  it('have the known values', () => {
    const result = histogramDistances([25, 25, 25, 25], [10, 20, 30, 40]);
    expect(result.jensenShannonBits).toBeCloseTo(0.04020158234614192, 14);
    expect(result.jensenShannonDistance).toBeCloseTo(0.20050332253142819, 14);
    expect(result.hellinger).toBeCloseTo(0.16789959640267477, 14);
    // scipy.spatial.distance.jensenshannon(p, q, base=2)
    const other = histogramDistances([10, 0, 5, 25, 60], [20, 3, 5, 40, 12]);
    expect(other.jensenShannonDistance).toBeCloseTo(0.4220449013810558, 14);
    expect(histogramDistances([1, 0], [0, 1])).toEqual({
      jensenShannonBits: 1,
      jensenShannonDistance: 1,
      hellinger: 1,
    });
  });

  it('are symmetric, within 0 and 1, and 0 for the same shape', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [one, two] = [histogramDistances(a, b), histogramDistances(b, a)];
        expect(one.jensenShannonDistance).toBeCloseTo(two.jensenShannonDistance, 7);
        expect(one.hellinger).toBeCloseTo(two.hellinger, 12);
        expect(one.jensenShannonBits).toBeGreaterThanOrEqual(0);
        expect(one.hellinger).toBeLessThanOrEqual(1);
        expect(
          histogramDistances(
            a,
            a.map((n) => 3 * n),
          ).hellinger,
        ).toBeCloseTo(0, 7);
      }),
    );
  });
});

describe('transport distances', () => {
  it('have the known values', () => {
    expect(transportDistances([1, 2, 3, 4], [2, 4, 6, 8, 10]).wasserstein).toBeCloseTo(3.5, 14);
    const from = range(40, (i) => Math.sin((i + 1) ** 2 * 0.7) * 3);
    const to = range(27, (i) => Math.cos((i + 1) ** 2 * 0.3) * 3 + 0.5);
    // scipy.stats.wasserstein_distance, energy_distance
    const result = transportDistances(from, to);
    expect(result.wasserstein).toBeCloseTo(0.5284347164581406, 13);
    expect(result.energy).toBeCloseTo(0.32050661856928075, 13);
  });

  it('of a shift is the shift, whatever the shape, and scales with the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }),
        fc.integer({ min: -9, max: 9 }),
        (a, by) => {
          const b = a.map((v) => v + by);
          expect(transportDistances(a, b).wasserstein).toBeCloseTo(Math.abs(by), 9);
          expect(normalisedWasserstein(a, b, 2)).toBeCloseTo(Math.abs(by) / 2, 9);
          expect(transportDistances(b, a)).toEqual(transportDistances(a, b));
        },
      ),
    );
    expect(normalisedWasserstein([1], [1], 0)).toBe(0);
    expect(normalisedWasserstein([1], [2], 0)).toBe(Infinity);
  });
});
