import type { SequenceRange } from '@edge-blueprints/contracts';

/** Inclusive ranges that cover exactly these numbers, ascending. */
export function rangesOf(numbers: Iterable<number>): readonly SequenceRange[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const n of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === n) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges;
}

/** PostgreSQL's text of an `int8multirange`. */
export function multirangeText(ranges: readonly SequenceRange[]): string {
  return `{${ranges.map(([from, to]) => `[${from},${to}]`).join(',')}}`;
}

/** Reads what PostgreSQL prints: `{[1,6),[9,10)}`, upper bounds exclusive. */
export function parseMultirange(text: string): readonly SequenceRange[] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, to]) => [Number(from), Number(to) - 1] as const);
}

export function isIn(ranges: readonly SequenceRange[], n: number): boolean {
  return ranges.some(([from, to]) => n >= from && n <= to);
}
