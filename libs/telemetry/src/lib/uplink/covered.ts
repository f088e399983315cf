import type { SequenceRange } from '@edge-blueprints/contracts';

/** Which of `numbers` lie in one of the ranges. Costs as much as there are numbers, however wide the ranges are. */
export function covered(numbers: Iterable<number>, ranges: readonly SequenceRange[]): readonly number[] {
  const ascending = [...ranges].sort(([a], [b]) => a - b);
  // Highest end of all ranges up to each, so that overlapping ones need no looking back.
  let end = 0;
  const ends = ascending.map(([, to]) => (end = Math.max(end, to)));
  const found: number[] = [];
  for (const number of numbers) {
    let low = 0;
    let high = ascending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ascending[middle]?.[0] ?? Infinity) <= number) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && (ends[low - 1] ?? 0) >= number) found.push(number);
  }
  return found;
}
