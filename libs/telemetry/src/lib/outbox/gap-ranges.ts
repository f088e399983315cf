import type { SequenceRange } from '@edge-blueprints/contracts';

/** A gap record holds no more ranges than this; then the next one is begun. */
export const mostGapRanges = 1_000;

/**
 * Adds ranges to those of a gap record. Two neighbours become one where nothing between them waits any more: what is
 * neither waiting nor lost is at the hub already, and a gap record does not speak about that.
 *
 * @param ranges of the record, ascending; may be empty
 * @param added ascending
 * @param waits whether an event waits with a number in the range
 */
export function joinGapRanges(
  ranges: readonly SequenceRange[],
  added: readonly SequenceRange[],
  waits: (range: SequenceRange) => boolean,
): readonly SequenceRange[] {
  const isNew = new Set(added);
  const joined: SequenceRange[] = [];
  let lastIsNew = false;
  for (const range of [...ranges, ...added].sort(([a], [b]) => a - b)) {
    const last: SequenceRange | undefined = joined.at(-1);
    const fresh = isNew.has(range);
    // Two old neighbours were asked about before; only a new range can have removed what stood between.
    const touches: SequenceRange | null =
      last && (range[0] <= last[1] + 1 || ((fresh || lastIsNew) && !waits([last[1] + 1, range[0] - 1]))) ? last : null;
    if (touches) joined[joined.length - 1] = [touches[0], Math.max(touches[1], range[1])];
    else joined.push(range);
    lastIsNew = fresh || (touches !== null && lastIsNew);
  }
  return joined;
}
