import type { SequenceRange } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinGapRanges } from './gap-ranges.js';
import { countNumbers, mergeRanges, rangesOf, subtractRanges } from './number-ranges.js';

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 9 }))
  .map(([a, n]): SequenceRange => [a, a + n]);
const list = fc.array(range, { maxLength: 12 });
const numbers = (ranges: readonly SequenceRange[]): Set<number> =>
  new Set(ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)));
const tidy = (ranges: readonly SequenceRange[]): boolean =>
  ranges.every(([a, b], i) => a <= b && (i === 0 || a > (ranges[i - 1]?.[1] ?? 0) + 1));

describe('ranges of numbers', () => {
  it('hold the same numbers as sets do', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const merged = mergeRanges(a);
        expect(numbers(merged)).toEqual(numbers(a));
        expect(tidy(merged)).toBe(true);
        expect(countNumbers(merged)).toBe(numbers(a).size);
        expect(rangesOf([...numbers(a)])).toEqual(merged);
        const left = subtractRanges(a, b);
        expect(numbers(left)).toEqual(new Set([...numbers(a)].filter((n) => !numbers(b).has(n))));
      }),
    );
  });
});

describe('joinGapRanges', () => {
  it('never covers a waiting number, covers all that were given, and joins what it may', () => {
    fc.assert(
      fc.property(list, list, fc.uniqueArray(fc.integer({ min: 1, max: 75 }), { maxLength: 20 }), (a, b, waiting) => {
        const free = (ranges: readonly SequenceRange[]) => subtractRanges(ranges, rangesOf(waiting));
        const waits = ([from, to]: SequenceRange): boolean => waiting.some((n) => n >= from && n <= to);
        const first = joinGapRanges([], free(a), waits);
        const added = subtractRanges(free(b), first);
        const joined = joinGapRanges(first, added, waits);
        expect(tidy(joined)).toBe(true);
        for (const n of [...numbers(free(a)), ...numbers(added)]) expect(numbers(joined).has(n)).toBe(true);
        for (const n of waiting) expect(numbers(joined).has(n)).toBe(false);
        joined.forEach(([from], i) => {
          const before = joined[i - 1];
          if (before) expect(waits([before[1] + 1, from - 1])).toBe(true);
        });
      }),
    );
  });
});
