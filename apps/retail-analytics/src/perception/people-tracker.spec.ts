import type { Detection } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPeopleTracker, levelled } from './people-tracker.js';

const person = (score: number, x: number): Detection => ({
  label: 'person',
  classIndex: 0,
  score,
  box: { xMin: x, yMin: 10, xMax: x + 20, yMax: 60 },
});

const confirmed = (threshold: number, score: number): number => {
  const tracker = createPeopleTracker({ kind: 'oc-sort' }, threshold);
  let last = 0;
  for (let i = 0; i < 10; i += 1)
    last = tracker.update([person(score, 10 + i)], i * 100).filter((track) => track.confirmed).length;
  return last;
};

describe('a tracker of people', () => {
  it("starts tracks from the bundle's own threshold on", () => {
    expect(confirmed(0.26, 0.3)).toBe(1);
    expect(confirmed(0.26, 0.2)).toBe(0);
    expect(confirmed(0.7, 0.6)).toBe(0);
  });

  it('keeps the order of scores and their ends', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, threshold) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(levelled(low, threshold)).toBeLessThanOrEqual(levelled(high, threshold));
      }),
    );
    expect([levelled(0, 0.3), levelled(0.3, 0.3), levelled(1, 0.3)]).toEqual([0, 0.5, 1]);
  });
});
