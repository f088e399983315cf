/** Which word of a 32-bit value comes first in the registers. Bytes within a word are always big-endian. */
export type WordOrder = 'high-first' | 'low-first';

export function readU32(words: ArrayLike<number>, offset: number, order: WordOrder): number {
  const first = words[offset] ?? 0;
  const second = words[offset + 1] ?? 0;
  return order === 'high-first' ? first * 0x10000 + second : second * 0x10000 + first;
}

export function writeU32(words: Uint16Array, offset: number, value: number, order: WordOrder): void {
  const high = Math.floor(value / 0x10000) & 0xffff;
  const low = value & 0xffff;
  words[offset] = order === 'high-first' ? high : low;
  words[offset + 1] = order === 'high-first' ? low : high;
}

/** Milliseconds since 1970 as 48 bits, in the same word order as the 32-bit values. */
export function readU48(words: ArrayLike<number>, offset: number, order: WordOrder): number {
  const [a, b, c] = [words[offset] ?? 0, words[offset + 1] ?? 0, words[offset + 2] ?? 0];
  return order === 'high-first' ? (a * 0x10000 + b) * 0x10000 + c : (c * 0x10000 + b) * 0x10000 + a;
}

export function writeU48(words: Uint16Array, offset: number, value: number, order: WordOrder): void {
  const high = Math.floor(value / 0x100000000) & 0xffff;
  const low = value % 0x10000;
  words[offset] = order === 'high-first' ? high : low;
  words[offset + 1] = Math.floor(value / 0x10000) & 0xffff;
  words[offset + 2] = order === 'high-first' ? low : high;
}

/** Signed distance from one u32 counter value to another, across the wrap: -2^31 to 2^31 - 1. */
export function encoderDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** A u32 counter value moved by a signed number of counts. */
export function encoderAdd(value: number, counts: number): number {
  return (value + Math.round(counts)) >>> 0;
}
