import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthAt, medianStayS, staysBetween } from './store-truth.js';

describe('truth of the shop', () => {
  it('knows the length of a queue at any moment', () => {
    const lengths: [number, number, number][] = [
      [0, 2, 1],
      [500, 3, 2],
      [900, 0, 0],
    ];
    expect([0, 499, 500, 899, 5_000].map((atMs) => lengthAt(lengths, atMs))).toEqual([2, 2, 3, 3, 0]);
    expect(lengthAt([], 5)).toBe(0);
  });

  it('gives the median stay with those who still stay: the product-limit estimate', () => {
    const done = (seconds: number) => ({ seconds, censored: false });
    const lasting = (seconds: number) => ({ seconds, censored: true });
    expect(medianStayS([done(10), done(20), done(30)])).toBe(20);
    // 6 stays: 1 - 1/6 at 10, then 1 - 1/4 at 20 of the four left, 1 - 1/3 at 30: 0.833, 0.625, 0.417.
    expect(medianStayS([done(10), lasting(15), done(20), done(30), lasting(40), lasting(50)])).toBe(30);
    expect(medianStayS([done(10), lasting(20), lasting(20)])).toBeNull();
    expect(medianStayS([])).toBeNull();
  });

  it('is the plain median where everybody has left', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }), (seconds) => {
        const sorted = [...seconds].sort((a, b) => a - b);
        const lower = sorted[Math.ceil(sorted.length / 2) - 1];
        expect(medianStayS(seconds.map((each) => ({ seconds: each, censored: false })))).toBe(lower);
      }),
    );
  });

  it('takes the stays that began while somebody looked, cut where the look ended', () => {
    const visits = [
      { enteredMs: -5_000, leftMs: 4_000 },
      { enteredMs: 1_000, leftMs: 3_000 },
      { enteredMs: 2_000, leftMs: null },
      { enteredMs: 9_000, leftMs: 20_000 },
      { enteredMs: -9_000, leftMs: -1_000 },
      { enteredMs: 11_000, leftMs: null },
    ];
    expect(staysBetween(visits, 0, 10_000)).toEqual([
      { seconds: 2, censored: false },
      { seconds: 8, censored: true },
      { seconds: 1, censored: true },
    ]);
  });
});
