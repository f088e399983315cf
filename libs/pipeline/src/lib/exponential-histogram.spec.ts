import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketIndex,
  createExponentialHistogram,
  downscaleExponential,
  emptyExponential,
  exponentialAbove,
  exponentialCount,
  exponentialQuantile,
  exponentialSnapshot,
  mergeExponential,
} from './exponential-histogram.js';

// Whole numbers, so that sums do not depend on their order.
const value = fc.oneof(fc.nat(20), fc.nat(1e6), fc.constantFrom(1, 2, 4, 1024, 2 ** 40));
const values = fc.array(value, { maxLength: 60 });
const histogramOf = (list: readonly number[], maxBuckets?: number) => {
  const recorder = createExponentialHistogram(maxBuckets);
  for (const each of list) recorder.record(each);
  return recorder.snapshot();
};

describe('an exponential histogram', () => {
  it('puts a value on an edge into the lower bucket, as OpenTelemetry defines it', () => {
    expect([1, 2, 4].map((each) => bucketIndex(each, 0))).toEqual([-1, 0, 1]);
    expect(bucketIndex(2, 3)).toBe(7);
    expect(bucketIndex(2.0001, 3)).toBe(8);
    expect(bucketIndex(1e-300, -10)).toBe(-1);
    expect(bucketIndex(1e300, -10)).toBe(0);
  });

  it('holds each value between the edges of its bucket', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.integer({ min: -10, max: 12 }), (v, scale) => {
        const i = bucketIndex(v, scale);
        expect(v > 2 ** (i / 2 ** scale) && v <= 2 ** ((i + 1) / 2 ** scale)).toBe(true);
      }),
    );
  });

  it('merged from parts, is the histogram of all values', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), fc.constantFrom(2, 20, 160), (parts, maxBuckets) => {
        const merged = parts
          .map((part) => histogramOf(part, maxBuckets))
          .reduce((a, b) => mergeExponential(a, b, maxBuckets), emptyExponential);
        expect(merged).toEqual(histogramOf(parts.flat(), maxBuckets));
      }),
    );
  });

  it('brought to a coarser scale, is what had been recorded at that scale', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }), fc.nat(12), (list, steps) => {
        const fine = histogramOf(list);
        const coarse = downscaleExponential(fine, steps);
        expect(exponentialCount(coarse)).toBe(list.length);
        for (const each of list)
          expect(coarse.counts[bucketIndex(each, coarse.scale) - coarse.offset]).toBeGreaterThan(0);
        expect(coarse.counts.length).toBe(
          bucketIndex(Math.max(...list), coarse.scale) - bucketIndex(Math.min(...list), coarse.scale) + 1,
        );
      }),
    );
  });

  it('gives the value of nearest rank within half a bucket', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const histogram = histogramOf(list);
        const truth = [...list].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * list.length)) - 1] ?? 0;
        const factor = 2 ** (0.5 / 2 ** histogram.scale) * (1 + 1e-9);
        const estimate = exponentialQuantile(histogram, q) ?? Number.NaN;
        expect(estimate).toBeLessThanOrEqual(truth * factor);
        expect(estimate).toBeGreaterThanOrEqual(truth / factor);
      }),
    );
  });

  it('never has more buckets than it may, and gives its share once', () => {
    const recorder = createExponentialHistogram(20);
    for (let i = 0; i < 300; i++) recorder.record(1.5 ** i);
    expect(recorder.take().counts.length).toBeLessThanOrEqual(20);
    expect(recorder.take()).toEqual(emptyExponential);
  });

  it('keeps quantiles to itself that its count does not support', () => {
    const few = exponentialSnapshot(histogramOf([1, 2, 3]));
    expect(few).toMatchObject({ count: 3, p95: null, p99: null, max: 3 });
    expect(exponentialSnapshot(histogramOf(Array.from({ length: 662 }, (_, i) => i))).p99).not.toBeNull();
    expect(exponentialSnapshot(emptyExponential)).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
  });

  it('counts what is surely above a limit', () => {
    const histogram = histogramOf([0, 1, 10, 100, 1000]);
    expect(exponentialAbove(histogram, 50)).toBe(2);
    expect(exponentialAbove(histogram, 5000)).toBe(0);
  });

  it('takes finite numbers only; a negative one counts as zero', () => {
    expect(() => histogramOf([Number.NaN])).toThrow(/finite/);
    expect(histogramOf([-1])).toMatchObject({ zeroCount: 1, min: 0, sum: 0 });
  });
});
