import type { SequenceRange } from '@edge-blueprints/contracts';

/** Ascending, without overlap, neighbours merged. */
export function mergeRanges(ranges: readonly SequenceRange[]): readonly SequenceRange[] {
  const merged: SequenceRange[] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > to) continue;
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

/** What of `ranges` is not in `taken`. */
export function subtractRanges(
  ranges: readonly SequenceRange[],
  taken: readonly SequenceRange[],
): readonly SequenceRange[] {
  const holes = mergeRanges(taken);
  const left: SequenceRange[] = [];
  let at = 0;
  for (const [from, to] of mergeRanges(ranges)) {
    let start = from;
    while (at > 0 && (holes[at - 1]?.[1] ?? -1) >= from) at--;
    for (; ; at++) {
      const hole = holes[at];
      if (hole === undefined || hole[0] > to) break;
      if (hole[0] > start) left.push([start, hole[0] - 1]);
      start = Math.max(start, hole[1] + 1);
    }
    if (start <= to) left.push([start, to]);
  }
  return left;
}

export function countNumbers(ranges: readonly SequenceRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Runs of neighbouring numbers. */
export function rangesOf(numbers: readonly number[]): readonly SequenceRange[] {
  const runs: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs;
}
