import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc, aurocOfGroups } from './auroc.js';

const picture = fc.record({
  score: fc.integer({ min: 0, max: 9 }).map((n) => n / 10),
  bad: fc.boolean(),
  group: fc.constantFrom('a', 'b', 'c', 'd'),
});

describe('auroc', () => {
  it('is the share of good and bad pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 30 }), (pictures) => {
        const good = pictures.filter(({ bad }) => !bad);
        const bad = pictures.filter((each) => each.bad);
        const pairs = bad.flatMap((b) => good.map((g) => (b.score > g.score ? 1 : b.score === g.score ? 0.5 : 0)));
        const wins = pairs.reduce<number>((sum, each) => sum + each, 0);
        const value = auroc(pictures);
        if (pairs.length === 0) expect(value).toBeNull();
        else expect(value).toBeCloseTo(wins / pairs.length, 10);
      }),
    );
  });

  it('draws its interval by groups, the same for the same seed', () => {
    const pictures = Array.from({ length: 60 }, (_, i) => ({
      score: (i * 7) % 10,
      bad: i % 3 === 0,
      group: `g${Math.floor(i / 6)}`,
    }));
    const figure = aurocOfGroups(pictures, createRandom(1), 300);
    expect(figure).toEqual(aurocOfGroups(pictures, createRandom(1), 300));
    expect(figure).toMatchObject({ goodPictures: 40, badPictures: 20, goodGroups: 10, badGroups: 10 });
    expect(figure?.low).toBeLessThan(figure?.auroc ?? 0);
    expect(figure?.high).toBeGreaterThan(figure?.auroc ?? 1);
  });

  it('has no interval to speak of where every group is alike', () => {
    const pictures = ['a', 'b', 'c'].flatMap((group) => [
      { score: 0.1, bad: false, group },
      { score: 0.9, bad: true, group },
    ]);
    expect(aurocOfGroups(pictures, createRandom(2), 50)).toMatchObject({ auroc: 1, low: 1, high: 1 });
  });
});
