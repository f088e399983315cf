import type { Frame } from '@edge-blueprints/contracts';

/**
 * The newest frame of one camera. Two buffers, whatever the camera's rate: one waits, one is being looked at. The wait
 * buffer is overwritten by whatever is newer.
 */
export interface FrameDesk {
  /** Copies the frame, because cameras reuse their buffers. @returns false when it replaced one that nobody took */
  put(frame: Frame): boolean;
  /** The newest frame, valid until the next `take`. */
  take(): Frame | undefined;
  /** End of exposure of the frame that waits, monotonic ms; undefined when none does. */
  waitingSinceMs(): number | undefined;
  readonly superseded: number;
}

export function createFrameDesk(): FrameDesk {
  let front = new Uint8Array(0);
  let back = new Uint8Array(0);
  let waiting: Frame | undefined;
  let superseded = 0;
  return {
    put: (frame) => {
      const first = waiting === undefined;
      if (!first) superseded += 1;
      if (back.length !== frame.pixels.length) back = new Uint8Array(frame.pixels.length);
      back.set(frame.pixels);
      waiting = { ...frame, pixels: back };
      return first;
    },
    take: () => {
      const taken = waiting;
      if (taken === undefined) return undefined;
      [front, back] = [back, front];
      waiting = undefined;
      return taken;
    },
    waitingSinceMs: () => waiting?.capturedAtMs,
    get superseded() {
      return superseded;
    },
  };
}
