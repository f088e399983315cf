/**
 * The scan that every score map goes through. For floats from +0 up, the order of the values is the order of their bits
 * read as unsigned integers, and negative values and NaN have larger bits than any of them. So one integer comparison
 * tells the 99.9 % that need no look (0 <= score < floor) from candidates and from values that are no probability.
 * @see IEEE 754-2019, section 3.4
 */
export interface ScoreScan {
  /** Index of the first value in [from, to) that is not within 0 <= value < floor; `to` when there is none. */
  next(from: number, to: number): number;
}

/** @param floor above 0; compared as float32, as the scores are */
export function scanScores(scores: Float32Array, floor: number): ScoreScan {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const floorBits = new Uint32Array(Float32Array.of(floor).buffer)[0] ?? 0;
  return { next: (from, to) => nextNotBelow(bits, from, to, floorBits) };
}

function nextNotBelow(bits: Uint32Array, from: number, to: number, floorBits: number): number {
  let i = from;
  // Eight values a turn: what the loop itself costs is then small against the comparisons.
  const lastTurn = to - 8;
  while (
    i <= lastTurn &&
    (bits[i] ?? 0) < floorBits &&
    (bits[i + 1] ?? 0) < floorBits &&
    (bits[i + 2] ?? 0) < floorBits &&
    (bits[i + 3] ?? 0) < floorBits &&
    (bits[i + 4] ?? 0) < floorBits &&
    (bits[i + 5] ?? 0) < floorBits &&
    (bits[i + 6] ?? 0) < floorBits &&
    (bits[i + 7] ?? 0) < floorBits
  )
    i += 8;
  while (i < to && (bits[i] ?? 0) < floorBits) i += 1;
  return i;
}
