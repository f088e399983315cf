import type { Random } from '@edge-blueprints/contracts';

export interface ReconnectPause {
  /** ms until the next try. */
  next(): number;
  /** A connection is over that lived this long. */
  lived(ms: number): void;
}

/** A connection that lived this long proves the way; what ends sooner counts as one more failure. */
const provenMs = 10_000;
/** Failures that a link which connects but does not hold may pile up: pauses below 8 s, so that a flapping link progresses. */
const flappingFailures = 3;

/**
 * Full jitter: uniform in 0..min(cap, base * 2^failures), so that thousands of devices that lost the same broker come back
 * spread out. @see Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog 2015
 */
export function createReconnectPause(random: Random, baseMs = 1_000, capMs = 60_000): ReconnectPause {
  let failures = 0;
  return {
    next() {
      const highest = Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));
      failures += 1;
      return random.next() * highest;
    },
    lived(ms) {
      failures = ms >= provenMs ? 0 : Math.min(failures, flappingFailures);
    },
  };
}
