import { randomBytes } from 'node:crypto';

const bytesEach = 8;
const keysAtOnce = 256;

/** Random 64-bit numbers as hex from the system, never the same twice in practice; they tell nothing about order or time. */
export function createTrackKeys(): () => string {
  let pool = randomBytes(0);
  let used = 0;
  return () => {
    if (used >= pool.length) {
      pool = randomBytes(bytesEach * keysAtOnce);
      used = 0;
    }
    used += bytesEach;
    return pool.toString('hex', used - bytesEach, used);
  };
}
