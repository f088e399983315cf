import { UsageError } from '@edge-blueprints/contracts';
import type { Samples } from './histogram.js';

export interface ReservoirSnapshot {
  /** Values that were offered. */
  readonly seen: number;
  /** The kept ones, min(capacity, seen), in no order. */
  readonly values: readonly number[];
}

/** A uniform random sample of fixed size from a stream of unknown length (Vitter's algorithm R). */
export interface Reservoir {
  readonly capacity: number;
  add(value: number): void;
  addAll(values: Samples): void;
  seen(): number;
  /** A copy of what is kept. */
  values(): Float64Array;
  /**
   * Makes this the sample of both streams. Not the same values as one reservoir over both would hold, but the same law:
   * each next value comes from either side with the odds of what that side has left unseen, without replacement, so
   * every subset of the union is as likely as any other.
   * @throws UsageError `drift.reservoir` when the other kept fewer values than this one's capacity and its stream had
   */
  merge(other: ReservoirSnapshot): void;
  snapshot(): ReservoirSnapshot;
}

interface Side {
  left: number;
  readonly values: number[];
}

/** @throws UsageError `drift.reservoir` when the capacity is not a whole number of at least 1 */
export function createReservoir(capacity: number, seed: number): Reservoir {
  if (!(Number.isInteger(capacity) && capacity > 0))
    throw new UsageError('drift.reservoir', `A reservoir of at least 1 value was expected, got ${capacity}.`);
  const kept = new Float64Array(capacity);
  const state = new Float64Array(1);
  const uniform = createUniform(seed);

  const add = (value: number): void => {
    const seen = state[0] ?? 0;
    state[0] = seen + 1;
    if (seen < capacity) {
      kept[seen] = value;
      return;
    }
    const at = Math.floor(uniform() * (seen + 1));
    if (at < capacity) kept[at] = value;
  };
  const values = (): Float64Array => kept.slice(0, Math.min(capacity, state[0] ?? 0));
  return {
    capacity,
    add,
    addAll(samples) {
      for (let i = 0; i < samples.length; i++) add(samples[i] ?? 0);
    },
    seen: () => state[0] ?? 0,
    values,
    merge(other) {
      if (other.values.length < Math.min(capacity, other.seen))
        throw new UsageError(
          'drift.reservoir',
          `A sample of ${other.values.length} out of ${other.seen} is too small to merge into a reservoir of ${capacity}; use one capacity everywhere.`,
        );
      const sides: [Side, Side] = [
        { left: state[0] ?? 0, values: [...values()] },
        { left: other.seen, values: [...other.values] },
      ];
      const total = sides[0].left + sides[1].left;
      for (let i = 0; i < Math.min(capacity, total); i++) {
        const side = sides[uniform() * (sides[0].left + sides[1].left) < sides[0].left ? 0 : 1];
        const at = Math.floor(uniform() * side.values.length);
        kept[i] = side.values[at] ?? 0;
        side.values[at] = side.values[side.values.length - 1] ?? 0;
        side.values.pop();
        side.left -= 1;
      }
      state[0] = total;
    },
    snapshot: () => ({ seen: state[0] ?? 0, values: [...values()] }),
  };
}

/** xoshiro128** (Blackman and Vigna) with its state in one typed array: a draw allocates nothing. */
function createUniform(seed: number): () => number {
  const s = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    const z = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    const y = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    s[i] = y ^ (y >>> 16);
  }
  const word = (): number => {
    const b = s[1] ?? 0;
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const c = (s[2] ?? 0) ^ (s[0] ?? 0);
    const d = (s[3] ?? 0) ^ b;
    s[1] = b ^ c;
    s[0] = (s[0] ?? 0) ^ d;
    s[2] = c ^ (b << 9);
    s[3] = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  return () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
}
