import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTakeoverWatch } from './takeover-watch.js';
import { createTokenBucket } from './token-bucket.js';

describe('a token bucket', () => {
  it('gives no more over any stretch than burst and rate allow', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 100 }), (gapsMs) => {
        const bucket = createTokenBucket(100, 20);
        let nowMs = 5;
        let given = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          while (bucket.tryTake(1, nowMs)) given += 1;
        }
        expect(given).toBeLessThanOrEqual(20 + ((nowMs - 5) / 1_000) * 100 + 1e-6);
      }),
    );
  });

  it('makes whoever comes later wait longer, so that order is kept', () => {
    const bucket = createTokenBucket(10, 2);
    expect([1, 2, 3, 4, 5].map(() => bucket.take(1, 0))).toEqual([0, 0, 100, 200, 300]);
    expect(bucket.take(1, 300)).toBe(100);
  });

  it('does not fill when a clock stands or goes back', () => {
    const bucket = createTokenBucket(10, 1);
    expect(bucket.tryTake(1, 1_000)).toBe(true);
    expect(bucket.tryTake(1, 0)).toBe(false);
    expect(bucket.tryTake(1, 1_000)).toBe(false);
    expect(bucket.tryTake(1, 1_101)).toBe(true);
  });
});

describe('the takeover watch', () => {
  const watch = () => createTakeoverWatch({ takeovers: 3, windowMs: 60_000, holdMs: 30_000, names: 2 });

  it('takes a lost link now and then for what it is', () => {
    const it = watch();
    for (const atMs of [0, 40_000, 80_000, 120_000]) expect(it.takeover('a.b', atMs)).toBe(false);
    expect(it.held('a.b', 120_001)).toBe(false);
  });

  it('calls three takeovers within the window a clone, and holds the name for a while', () => {
    const it = watch();
    expect([0, 1_000, 2_000].map((atMs) => it.takeover('a.b', atMs))).toEqual([false, false, true]);
    expect(it.held('a.b', 31_999)).toBe(true);
    expect(it.held('c.d', 2_000)).toBe(false);
    expect(it.held('a.b', 32_000)).toBe(false);
  });

  it('forgets the name that was quiet longest instead of growing', () => {
    const it = watch();
    it.takeover('a.a', 0);
    it.takeover('a.b', 1);
    it.takeover('a.c', 2);
    it.takeover('a.a', 3);
    expect(it.takeover('a.a', 4)).toBe(false);
  });
});
