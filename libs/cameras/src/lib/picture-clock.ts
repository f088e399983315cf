import type { Readable } from 'node:stream';
import { DeviceError } from '@edge-blueprints/contracts';
import { readFrameTimes } from './frame-times.js';
import { createMediaClock } from './media-clock.js';

/** A picture that is older than this on arrival is of no use, and the stream has lost its way. */
const maxLateMs = 5_000;

/** While the shortest way still becomes shorter by more than this, pictures would be given to a later moment than theirs. */
const settledWithinMs = 10;
/** A way that never stays the same is taken as it is after so many times the settling. */
const maxSettlings = 10;

/** When the pictures of one connection were taken, one call a picture, in their order. */
export interface PictureClock {
  /**
   * Monotonic ms; undefined for a picture that is to be left out.
   * @throws DeviceError `camera.stream-late`
   */
  capturedAt(arrivedAtMs: number): Promise<number | undefined>;
}

/** @param live the camera's settings; without them the arrival counts, as for a film */
export function createPictureClock(
  camera: string,
  side: Readable,
  live: { readonly latencyMs: number; readonly settleMs: number } | undefined,
): PictureClock {
  if (live === undefined) {
    side.resume();
    return { capturedAt: (arrivedAtMs) => Promise.resolve(arrivedAtMs) };
  }
  const { latencyMs, settleMs } = live;
  const times = readFrameTimes(side);
  const clock = createMediaClock(latencyMs);
  let firstAtMs: number | undefined;
  let steadyFromMs = 0;
  let steadyOffsetMs = Infinity;
  const settling = (offsetMs: number, arrivedAtMs: number): boolean => {
    firstAtMs ??= arrivedAtMs;
    if (offsetMs < steadyOffsetMs - settledWithinMs) {
      steadyOffsetMs = offsetMs;
      steadyFromMs = arrivedAtMs;
    }
    return arrivedAtMs - steadyFromMs < settleMs && arrivedAtMs - firstAtMs < maxSettlings * settleMs;
  };
  return {
    capturedAt: async (arrivedAtMs) => {
      const mediaMs = await times.next();
      if (mediaMs === undefined) return undefined;
      const timed = !Number.isNaN(mediaMs);
      const capturedAtMs = timed ? clock.capturedAt(mediaMs, arrivedAtMs) : arrivedAtMs - latencyMs;
      // ffmpeg first hands out what it collected while it looked at the stream, and a busy machine takes longer over that.
      if (settling(timed ? capturedAtMs - mediaMs : 0, arrivedAtMs)) return undefined;
      const lateMs = arrivedAtMs - latencyMs - capturedAtMs;
      if (lateMs > maxLateMs)
        throw new DeviceError(
          'camera.stream-late',
          `Camera ${camera} delivers pictures that are ${Math.round(lateMs)} ms old, or its clock has jumped.`,
          { retry: 'safe' },
        );
      return capturedAtMs;
    },
  };
}
