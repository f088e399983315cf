import type { Readable } from 'node:stream';
import { DeviceError } from '@edge-blueprints/contracts';
import { readFrameTimes } from './frame-times.js';
import { createMediaClock } from './media-clock.js';

/** A picture that is older than this on arrival is of no use, and the stream has lost its way. */
const maxLateMs = 5_000;

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
  return {
    capturedAt: async (arrivedAtMs) => {
      const mediaMs = await times.next();
      if (mediaMs === undefined) return undefined;
      firstAtMs ??= arrivedAtMs;
      const capturedAtMs = Number.isNaN(mediaMs) ? arrivedAtMs - latencyMs : clock.capturedAt(mediaMs, arrivedAtMs);
      // ffmpeg first hands out what it collected while it looked at the stream.
      if (arrivedAtMs - firstAtMs < settleMs) return undefined;
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
