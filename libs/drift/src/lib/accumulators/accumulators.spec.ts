import fc from 'fast-check';
import { createRandom, driftReferenceSchema } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { freezeReference, sortedQuantile } from './freeze-reference.js';
import type { Histogram } from './histogram.js';
import { createMoments } from './moments.js';
import { createQuantileHistogram } from './quantile-histogram.js';
import { createReservoir } from './reservoir.js';
import { createSlidingHistogram } from './sliding-histogram.js';
import { createUniformHistogram } from './uniform-histogram.js';

const value = fc.oneof(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1e308, -1e308),
);
const edgeList = fc
  .uniqueArray(fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.integer({ min: -3, max: 3 })), {
    minLength: 1,
    maxLength: 40,
    comparator: (a, b) => a === b,
  })
  .map((edges) => edges.map((edge) => edge + 0).sort((a, b) => a - b));
const filled = (histogram: Histogram, values: readonly number[]): Histogram => {
  for (const v of values) histogram.add(v);
  return histogram;
};

describe('a quantile histogram', () => {
  it('puts each value above the edges that it exceeds, whatever the edges', () => {
    fc.assert(
      fc.property(edgeList, fc.array(value), (edges, values) => {
        const histogram = createQuantileHistogram(edges);
        for (const v of [...values, ...edges]) {
          const bin = Number.isNaN(v) ? edges.length + 1 : edges.filter((edge) => v > edge).length;
          expect(histogram.binOf(v)).toBe(bin);
        }
      }),
    );
  });

  it('finds the bin on edges that crowd together or lie far apart', () => {
    const edges = [-1e308, 0, Number.MIN_VALUE, 1e-300, 1, 1 + Number.EPSILON, 1e308];
    const histogram = createQuantileHistogram(edges);
    for (const [i, edge] of edges.entries()) expect(histogram.binOf(edge)).toBe(i);
    expect(histogram.binOf(1 + 2 * Number.EPSILON)).toBe(6);
    expect(createQuantileHistogram([5]).binOf(5)).toBe(0);
    expect(createQuantileHistogram([5]).binOf(Infinity)).toBe(1);
  });

  it('merges without error and whatever the way of adding', () => {
    fc.assert(
      fc.property(edgeList, fc.array(value), fc.array(value), (edges, one, two) => {
        const both = filled(createQuantileHistogram(edges), [...one, ...two]);
        const merged = filled(createQuantileHistogram(edges), one);
        const other = createQuantileHistogram(edges);
        other.addAll(two);
        merged.merge(other);
        expect(merged.counts()).toEqual(both.counts());
        expect(merged.total()).toBe(one.length + two.length);
      }),
    );
  });

  it('refuses edges that do not ascend, and histograms of other edges', () => {
    expect(() => createQuantileHistogram([])).toThrow('ascend');
    expect(() => createQuantileHistogram([1, 1])).toThrow('ascend');
    expect(() => createQuantileHistogram([1, Number.NaN])).toThrow('finite');
    expect(() => createQuantileHistogram([1, 2]).merge(createQuantileHistogram([1, 3]))).toThrow('frozen reference');
  });
});

describe('a uniform histogram', () => {
  it('keeps both ends in range and has bins for below, above and NaN', () => {
    const histogram = filled(createUniformHistogram({ low: 0, high: 1, bins: 4 }), [
      -0.1,
      0,
      0.24,
      0.25,
      0.99,
      1,
      1.01,
      Infinity,
      Number.NaN,
    ]);
    expect([...histogram.counts()]).toEqual([1, 2, 1, 0, 2, 2, 1]);
    expect(() => createUniformHistogram({ low: 1, high: 1 })).toThrow('low < high');
  });

  it('merges without error', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (one, two) => {
        const make = (): Histogram => createUniformHistogram({ low: -2, high: 3, bins: 7 });
        const merged = filled(make(), one);
        merged.merge(filled(make(), two));
        const both = make();
        both.addAll([...one, ...two]);
        expect(merged.counts()).toEqual(both.counts());
      }),
    );
  });
});

it('a sliding histogram is the histogram of its last values', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, window) => {
      const binning = createQuantileHistogram([-1, 0, 2]);
      const sliding = createSlidingHistogram(binning, window);
      sliding.addAll(values.slice(0, 30));
      for (const v of values.slice(30)) sliding.add(v);
      expect(sliding.counts()).toEqual(filled(binning, values.slice(-window)).counts());
      expect(sliding.size()).toBe(Math.min(window, values.length));
    }),
  );
  expect(() => createSlidingHistogram(createQuantileHistogram([0]), 0)).toThrow('at least 1');
});

describe('moments', () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

  it('are those of all values at once, in one piece or merged', () => {
    fc.assert(
      fc.property(numbers, numbers, (one, two) => {
        const all = [...one, ...two];
        const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
        const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (all.length - 1);
        const [merged, other] = [createMoments(), createMoments()];
        merged.addAll(one);
        other.addAll(two);
        merged.merge(other.snapshot());
        expect(merged.mean()).toBeCloseTo(mean, 6);
        expect(merged.variance() / (variance || 1)).toBeCloseTo(variance ? 1 : 0, 6);
        expect(merged.snapshot()).toMatchObject({ n: all.length, min: Math.min(...all), max: Math.max(...all) });
      }),
    );
  });

  it('keep their digits far from zero, where sums of squares lose them', () => {
    const moments = createMoments();
    moments.addAll([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    expect(moments.variance()).toBe(30);
  });

  it('count what is no number and say so of too few', () => {
    const moments = createMoments();
    moments.addAll([Number.NaN, Infinity, 3]);
    expect([moments.count(), moments.refused(), moments.mean()]).toEqual([1, 2, 3]);
    expect(moments.variance()).toBeNaN();
    moments.reset();
    moments.merge(createMoments().snapshot());
    expect(moments.mean()).toBeNaN();
  });
});

describe('a reservoir', () => {
  it('keeps everything until it is full, then each value with the same chance', () => {
    const kept = new Float64Array(40);
    for (let seed = 0; seed < 4000; seed++) {
      const reservoir = createReservoir(10, seed);
      for (let i = 0; i < 40; i++) reservoir.add(i);
      for (const v of reservoir.values()) kept[v]! += 1;
    }
    // 1,000 expected each, standard deviation 27.
    expect(Math.min(...kept)).toBeGreaterThan(1000 - 4 * 27);
    expect(Math.max(...kept)).toBeLessThan(1000 + 4 * 27);
  });

  it('merged, is a fair sample of both streams', () => {
    const kept = new Float64Array(40);
    const fromFirst = createMoments();
    for (let seed = 0; seed < 4000; seed++) {
      const [one, two] = [createReservoir(10, seed), createReservoir(10, seed + 1_000_000)];
      for (let i = 0; i < 7; i++) one.add(i);
      for (let i = 7; i < 40; i++) two.add(i);
      one.merge(two.snapshot());
      expect(one.seen()).toBe(40);
      for (const v of one.values()) kept[v]! += 1;
      fromFirst.add(one.values().filter((v) => v < 7).length);
    }
    expect(Math.min(...kept)).toBeGreaterThan(1000 - 4 * 27);
    expect(Math.max(...kept)).toBeLessThan(1000 + 4 * 27);
    // Hypergeometric, without replacement: 10 (7/40) (33/40) (30/39) = 1.11; with replacement it would be 1.44.
    expect(fromFirst.variance()).toBeGreaterThan(1.01);
    expect(fromFirst.variance()).toBeLessThan(1.21);
  });

  it('refuses to be filled up from a sample that is too small', () => {
    expect(() => createReservoir(10, 1).merge({ seen: 50, values: [1, 2] })).toThrow('one capacity');
    expect(() => createReservoir(0, 1)).toThrow('at least 1');
  });
});

describe('a frozen reference', () => {
  const random = createRandom(7);
  const normal = Float64Array.from({ length: 5000 }, () => random.normal());

  it('has equally filled bins, survives JSON and says what the values were', () => {
    const reference = freezeReference(normal, { bins: 10 });
    expect(reference.counts).toEqual(Array.from({ length: 10 }, () => 500));
    expect(driftReferenceSchema.parse(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
    expect(reference.sample).toHaveLength(1000);
    expect(reference.std).toBeCloseTo(1, 1);
    expect(reference.iqr).toBeCloseTo(1.349, 1);
    expect(reference.autocorrelationTime).toBeLessThan(1.3);
    expect(freezeReference(normal, { autocorrelationTime: 4 }).autocorrelationTime).toBe(4);
  });

  it('merges repeated edges and gives a value that fills an end its own bin', () => {
    const values = [...Array.from({ length: 60 }, () => 2), ...Array.from({ length: 40 }, (_, i) => 3 + i)];
    const reference = freezeReference([...values, Number.NaN], { bins: 5 });
    expect(reference.edges.slice(1)).toEqual([2, 22]);
    expect(reference.edges[0]).toBeLessThan(2);
    expect(reference.counts).toEqual([0, 60, 20, 20]);
    expect(reference.nanCount).toBe(1);
  });

  it('of a constant still tells less, equal and more apart', () => {
    for (const constant of [5, 0, -3]) {
      const reference = freezeReference(
        Array.from({ length: 50 }, () => constant),
        { bins: 10 },
      );
      const histogram = createQuantileHistogram(reference.edges);
      expect([constant - 1e-9, constant, constant + 1e-9].map((v) => histogram.binOf(v))).toEqual([0, 1, 2]);
      expect(reference.std).toBe(0);
    }
  });

  it('names everything that is wrong at once', () => {
    expect(() => freezeReference([1, Infinity], { bins: 1, sampleSize: 1, autocorrelationTime: 0 })).toThrow(
      /bins must.*autocorrelationTime must.*sampleSize must.*infinities/s,
    );
    expect(() => freezeReference([1, 2, 3])).toThrow('too few for 10 bins');
    const damaged = { ...freezeReference(normal), edges: [2, 1], n: 3, median: 99 };
    const parsed = driftReferenceSchema.safeParse(damaged);
    expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([
      'edges',
      'counts',
      'counts',
      'sample',
      'median',
    ]);
  });

  it('takes quantiles as numpy does', () => {
    expect(sortedQuantile(Float64Array.of(1, 2, 3, 4), 0.25)).toBe(1.75); // numpy.quantile([1, 2, 3, 4], .25)
  });
});
