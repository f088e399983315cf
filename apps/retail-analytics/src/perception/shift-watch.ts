import type { Frame } from '@edge-blueprints/contracts';
import { createSceneWatch } from '@edge-blueprints/vision';
import type { SceneWatchOptions } from '@edge-blueprints/vision';

/** Tells whether a camera still looks at what it was calibrated on. */
export interface ShiftWatch {
  see(frame: Frame): void;
  moved(): boolean;
  /** It was calibrated anew: where it looks now is right. */
  accept(calibratedAt: string): void;
}

/**
 * What a calibrated camera looked at, in 128 bytes: how shelves and walls run, no picture and nobody (see `describeScene`).
 * With it a camera that was moved while the node was off is found as well.
 */
export interface SceneMemory {
  /** Undefined where none is kept for this calibration. */
  read(camera: string, calibratedAt: string): Uint8Array | undefined;
  keep(camera: string, calibratedAt: string, descriptor: Uint8Array): void;
}

/**
 * @param calibratedAt of the camera's calibration; undefined while it has none, and then nothing is watched
 */
export function createShiftWatch(
  camera: string,
  calibratedAt: string | undefined,
  memory: SceneMemory,
  options: SceneWatchOptions = {},
): ShiftWatch {
  let of = calibratedAt;
  const kept = of === undefined ? undefined : memory.read(camera, of);
  let isKept = kept !== undefined;
  const watch = createSceneWatch(options, kept);
  let moved = false;
  return {
    see: ({ width, height, format, pixels, capturedAtMs }) => {
      if (of === undefined) return;
      const { state } = watch.observe({ width, height, format, pixels }, capturedAtMs);
      // `unsure` (lights out) and `learning` change nothing: a camera does not move by itself.
      if (state === 'moved') moved = true;
      else if (state === 'same') moved = false;
      if (isKept || state !== 'same') return;
      const descriptor = watch.descriptor();
      if (descriptor === undefined) return;
      isKept = true;
      memory.keep(camera, of, descriptor);
    },
    moved: () => moved,
    accept: (at) => {
      of = at;
      isKept = false;
      moved = false;
      watch.accept();
    },
  };
}
