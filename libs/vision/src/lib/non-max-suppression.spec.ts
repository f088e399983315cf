import type { Detection } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from './intersection-over-union.js';
import { nonMaxSuppression } from './non-max-suppression.js';

const at = (xMin: number, score: number, classIndex = 0): Detection => ({
  label: String(classIndex),
  classIndex,
  score,
  box: { xMin, yMin: 0, xMax: xMin + 10, yMax: 10 },
});

const detections = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 40 }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    c: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 30 },
);

describe('intersectionOverUnion', () => {
  it.each([
    [5, 1 / 3],
    [10, 0],
    [25, 0],
    [0, 1],
  ])('of two 10x10 boxes %d px apart is %d', (shift, expected) => {
    expect(intersectionOverUnion(at(0, 1).box, at(shift, 1).box)).toBeCloseTo(expected, 12);
  });
});

describe('nonMaxSuppression', () => {
  it('keeps the higher score of two overlapping boxes of a class', () => {
    expect(nonMaxSuppression([at(0, 0.5), at(2, 0.9)], 0.4)).toEqual([at(2, 0.9)]);
  });

  it('keeps overlapping boxes of different classes', () => {
    expect(nonMaxSuppression([at(0, 0.5, 0), at(0, 0.9, 1)], 0.4)).toHaveLength(2);
  });

  it('keeps a box whose overlap is exactly the threshold', () => {
    expect(nonMaxSuppression([at(0, 0.9), at(5, 0.5)], 1 / 3)).toHaveLength(2);
  });

  it('does not let a removed box remove others', () => {
    expect(nonMaxSuppression([at(0, 0.9), at(4, 0.8), at(8, 0.7)], 0.3).map((d) => d.score)).toEqual([0.9, 0.7]);
  });

  it('leaves no overlapping pair, loses the best of no class, and changes nothing when run again', () => {
    fc.assert(
      fc.property(detections, (list) => {
        const given = list.map(({ x, score, c }) => at(x, score, c));
        const kept = nonMaxSuppression(given, 0.4);
        for (const [i, a] of kept.entries()) {
          for (const b of kept.slice(i + 1)) {
            expect(b.score).toBeLessThanOrEqual(a.score);
            expect(a.classIndex === b.classIndex && intersectionOverUnion(a.box, b.box) > 0.4).toBe(false);
          }
        }
        for (const d of given) {
          expect(
            kept.some(
              (k) =>
                k === d ||
                (k.score >= d.score && k.classIndex === d.classIndex && intersectionOverUnion(k.box, d.box) > 0.4),
            ),
          ).toBe(true);
        }
        expect(nonMaxSuppression(kept, 0.4)).toEqual(kept);
      }),
    );
  });
});
