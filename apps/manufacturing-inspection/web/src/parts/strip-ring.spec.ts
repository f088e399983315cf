import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partOf, partsOf } from '../testing/part-of.js';
import { advanceRing, emptyRing, newestFirst, oldestFirst, stripLength } from './strip-ring.js';

const ids = (parts: readonly { readonly resultId: string }[]): string[] => parts.map((part) => part.resultId);

describe('advanceRing', () => {
  it('keeps every part in its slot until the sweep comes round', () => {
    const before = advanceRing(emptyRing, partsOf(1, 150));
    const after = advanceRing(before, partsOf(1, 160));
    expect(after.slots.slice(0, 150)).toEqual(before.slots.slice(0, 150));
    expect(after.head).toBe(159);
    const round = advanceRing(after, partsOf(6, 205));
    expect(round.head).toBe(4);
    expect(round.slots[4]?.resultId).toBe('r205');
    expect(round.slots[5]?.resultId).toBe('r6');
  });

  it('shows an overrule in place', () => {
    const before = advanceRing(emptyRing, partsOf(1, 3));
    const changed = partsOf(1, 3).map((part) => (part.resultId === 'r2' ? { ...part, overruled: true } : part));
    const after = advanceRing(before, changed);
    expect(after.head).toBe(2);
    expect(after.slots[1]?.overruled).toBe(true);
  });

  it('starts again when a restart of the station leaves nothing in common', () => {
    const after = advanceRing(advanceRing(emptyRing, partsOf(1, 20)), [partOf(900)]);
    expect(ids(newestFirst(after))).toEqual(['r900']);
  });

  it('always holds the newest parts in order, however they arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 230 }), { minLength: 1, maxLength: 12 }), (steps) => {
        let ring = emptyRing;
        let made = 0;
        for (const step of steps) {
          made += step;
          if (made === 0) continue;
          ring = advanceRing(ring, partsOf(Math.max(1, made - stripLength + 1), made));
        }
        const expected = made === 0 ? [] : ids(partsOf(Math.max(1, made - stripLength + 1), made));
        expect(ids(newestFirst(ring))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('oldestFirst', () => {
  it('does not mind the order of the station', () => {
    expect(ids(oldestFirst(partsOf(1, 3)))).toEqual(['r1', 'r2', 'r3']);
    expect(ids(oldestFirst([...partsOf(1, 3)].reverse()))).toEqual(['r1', 'r2', 'r3']);
    expect(oldestFirst([])).toEqual([]);
  });
});
