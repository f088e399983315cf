/** Puts the times of a live stream onto this machine's clock. */
export interface MediaClock {
  /**
   * When the picture was taken, monotonic ms.
   * @param mediaMs its time in the stream
   * @param arrivedAtMs when it was in memory
   */
  capturedAt(mediaMs: number, arrivedAtMs: number): number;
}

/** Clocks of cameras are wrong by some tens of parts per million; this follows them and forgets an old shortest way. */
const driftShare = 2e-4;

/**
 * The picture that came the shortest way ties the two clocks together; every other one was late by what is missing. So a
 * picture that lay in a stalled network or decoder keeps the time of its exposure and is never taken for a fresh one.
 * @param latencyMs from exposure to memory on the shortest way; a stream cannot tell it
 */
export function createMediaClock(latencyMs: number): MediaClock {
  let shortestMs = Infinity;
  let lastMs: number | undefined;
  return {
    capturedAt: (mediaMs, arrivedAtMs) => {
      const sinceMs = Math.max(0, arrivedAtMs - (lastMs ?? arrivedAtMs));
      lastMs = arrivedAtMs;
      shortestMs = Math.min(shortestMs + driftShare * sinceMs, arrivedAtMs - mediaMs);
      return mediaMs + shortestMs - latencyMs;
    },
  };
}
