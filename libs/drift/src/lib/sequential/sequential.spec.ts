import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdwin } from './adwin.js';
import { createExponentialBuckets } from './exponential-buckets.js';
import { createPageHinkley } from './page-hinkley.js';
import type { SequentialDetector } from './sequential-detector.js';

/** The streams that river was given: uniform numbers of a linear congruential generator with a step at rows 1,000 and 2,000. */
function stream(kind: 'shift' | 'bernoulli' | 'none' | 'small'): number[] {
  let s = 7;
  return Array.from({ length: 3000 }, (_, i) => {
    s = (s * 1664525 + 1013904223) % 4294967296;
    const u = s / 4294967296;
    if (kind === 'shift') return u + (i >= 1000 ? 1 : 0) + (i >= 2000 ? -1.5 : 0);
    if (kind === 'bernoulli') return u < (i < 1000 ? 0.2 : i < 2000 ? 0.4 : 0.1) ? 1 : 0;
    return kind === 'small' ? u + (i >= 1500 ? 0.1 : 0) : u;
  });
}

function detections(detector: SequentialDetector, values: readonly number[]): number[] {
  return values.flatMap((value, i) => (detector.update(value) ? [i] : []));
}

/**
 * Values of river 0.26.1 on these streams: `a = drift.ADWIN(min_window_length=1, delta=.., clock=..)`, rows where `a.drift_detected` and
 * `a.width` there. River empties the whole window at the next value (so `reset` here). It has 1/(n0 - w + 1) + 1/(n1 - w + 1) in the bound
 * for a least window of w, where the paper has 1/n0 + 1/n1: the same for w = 1, and at w = 5 the same rows but one.
 */
describe('createAdwin', () => {
  it.each([
    ['shift', 0.002, 32, [1023, 2015], [56, 40]],
    ['bernoulli', 0.002, 32, [1119, 2111], [992, 352]],
    ['none', 0.002, 32, [], []],
    ['small', 0.002, 32, [1855], [1088]],
    ['shift', 0.3, 8, [1007, 2007], [24, 12]],
    ['bernoulli', 0.3, 8, [1063, 2031], [936, 840]],
    ['none', 0.3, 8, [], []],
    ['small', 0.3, 8, [1623], [856]],
  ] as const)('cuts where river does and keeps as much: %s, delta %d, clock %d', (kind, delta, clock, rows, kept) => {
    const adwin = createAdwin({ minimumWindow: 1, delta, clock });
    const widths: number[] = [];
    const found: number[] = [];
    stream(kind).forEach((value, i) => {
      if (!adwin.update(value)) return;
      found.push(i);
      widths.push(adwin.samples);
      expect(adwin.samplesSinceChange).toBe(adwin.samples);
      adwin.reset();
    });
    expect(found).toEqual(rows);
    expect(widths).toEqual(kept);
  });

  it('has the mean and the variance of river at the end of a stream', () => {
    const adwin = createAdwin({ minimumWindow: 1 });
    for (const value of stream('none')) adwin.update(value);
    expect(adwin.mean).toBeCloseTo(0.49298929373019684, 12);
    expect(adwin.variance).toBeCloseTo(0.08257725723266204, 12);
  });

  it('cuts again at the next checks while old samples are left, and goes on with the new part', () => {
    const adwin = createAdwin();
    expect(detections(adwin, stream('shift').slice(0, 2000))).toEqual([1023, 1055, 1087]);
    expect(adwin.mean).toBeGreaterThan(1.4);
    expect(detections(adwin, stream('shift').slice(2000))[0]).toBeLessThan(40);
  });

  it('holds a window of 300,000 samples in fixed memory and still finds the step', () => {
    const adwin = createAdwin({ delta: 1e-6 });
    const random = createRandom(1);
    for (let i = 0; i < 300_000; i++) if (adwin.update(random.next())) throw new RangeError(`false cut at ${i}`);
    expect(adwin.samples).toBe(300_000);
    const delay = Array.from({ length: 1000 }, (_, i) => i).find(() => adwin.update(random.next() + 0.5));
    expect(delay).toBeLessThan(400);
  });

  it('refuses what is not a number', () => {
    expect(() => createAdwin().update(Number.NaN)).toThrow(/finite/);
    expect(() => createAdwin({ delta: 0 })).toThrow(/delta/);
  });
});

describe('exponential buckets', () => {
  it('hold sum and variance of exactly the samples that are left', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 0, max: 4 }),
        (values, drops) => {
          const buckets = createExponentialBuckets(3);
          values.forEach((value) => buckets.add(value));
          for (let i = 0; i < drops; i++) buckets.dropOldest();
          const left = buckets.samples === 0 ? [] : values.slice(-buckets.samples);
          const mean = left.reduce((a, b) => a + b, 0) / Math.max(1, left.length);
          const variance = left.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, left.length);
          expect(buckets.sum).toBeCloseTo(mean * left.length, 4);
          expect(buckets.variance).toBeCloseTo(variance, 3);
          let borders = 0;
          let last = 0;
          buckets.someBorder((before) => {
            expect(before).toBeGreaterThan(last);
            last = before;
            borders += 1;
            return false;
          });
          expect(borders).toBeLessThanOrEqual(4 * (2 + Math.log2(values.length + 1)));
        },
      ),
    );
  });
});

/** Values of river 0.26.1: `drift.PageHinkley(delta=.., threshold=.., mode=..)`, min_instances 30, alpha 0.9999. */
describe('createPageHinkley', () => {
  it.each([
    ['shift', 0.005, 50, 'both', [1049, 2034]],
    ['shift', 0.02, 8, 'up', [1008]],
    ['bernoulli', 0.005, 50, 'both', [1184, 2159]],
    ['bernoulli', 0.02, 8, 'both', [440, 662, 1028, 1083, 1171, 1751, 2008, 2843]],
    ['bernoulli', 0.02, 8, 'up', [440, 662, 1028, 1083, 1751]],
    ['none', 0.02, 8, 'both', []],
    ['small', 0.005, 50, 'both', [2045]],
    ['small', 0.02, 8, 'both', [1584]],
  ] as const)(
    'detects where river does: %s, tolerance %d, threshold %d, %s',
    (kind, tolerance, threshold, direction, rows) => {
      const detector = createPageHinkley({ tolerance, threshold, direction, minimumSamples: 30, forgetting: 0.9999 });
      expect(detections(detector, stream(kind))).toEqual(rows);
    },
  );

  it('tells where the change began', () => {
    const detector = createPageHinkley({
      tolerance: 0.02,
      threshold: 8,
      direction: 'up',
      minimumSamples: 30,
      forgetting: 1,
    });
    const at = detections(detector, stream('shift'))[0] ?? 0;
    expect(at + 1 - detector.samplesSinceChange).toBeCloseTo(1000, -2);
  });
});
