import type { Frame } from '@edge-blueprints/contracts';
import { createFrameDesk } from './frame-desk.js';
import type { FrameDesk } from './frame-desk.js';
import { createTurnOrder } from './turn-order.js';

/** Frames of one camera that were not looked at, by cause. */
export interface ShareDrops {
  /** A newer frame of the camera came before its turn. */
  readonly superseded: number;
  /** Older than the limit when its turn came. */
  readonly late: number;
}

/** One engine, several cameras: the newest frame of each, in fair turns. */
export interface EngineShare {
  /** The camera has taken a picture. Copies it; never waits. */
  offer(camera: string, frame: Frame): void;
  /**
   * The newest frame of the camera whenever it has its turn. The turn lasts until the next one is asked for; a frame is
   * valid as long. Ends when `stop` fires. One iteration a camera.
   */
  frames(camera: string, stop: AbortSignal): AsyncGenerator<Frame, void, undefined>;
  drops(camera: string): ShareDrops;
}

interface CameraDesk {
  readonly frames: FrameDesk;
  late: number;
  give: ((frame: Frame | undefined) => void) | undefined;
}

export function createEngineShare(options: {
  readonly cameras: readonly { readonly id: string; readonly floorFramesPerS: number }[];
  /** Turns at a time: one runs in the engine while the next is prepared. */
  readonly slots: number;
  /** Frames older than this are let go, ms since the end of their exposure. */
  readonly maxAgeMs: number;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
}): EngineShare {
  const { cameras, slots, maxAgeMs, nowMs } = options;
  const order = createTurnOrder(Object.fromEntries(cameras.map((each) => [each.id, each.floorFramesPerS])));
  const desks = new Map<string, CameraDesk>(
    cameras.map(({ id }) => [id, { frames: createFrameDesk(), late: 0, give: undefined }]),
  );
  let running = 0;

  /** Cameras that ask for a turn and have a frame that is young enough. */
  const ready = (): readonly string[] => {
    const oldestMs = nowMs() - maxAgeMs;
    const ids: string[] = [];
    for (const [id, desk] of desks) {
      if (desk.give === undefined) continue;
      const sinceMs = desk.frames.waitingSinceMs();
      if (sinceMs === undefined) continue;
      if (sinceMs >= oldestMs) ids.push(id);
      else {
        desk.frames.take();
        desk.late += 1;
      }
    }
    return ids;
  };
  const grant = (): void => {
    while (running < slots) {
      const desk = desks.get(order.next(ready()) ?? '');
      const frame = desk?.frames.take();
      if (frame === undefined) return;
      running += 1;
      desk?.give?.(frame);
    }
  };
  const turn = (desk: CameraDesk, stop: AbortSignal): Promise<Frame | undefined> =>
    new Promise((resolve) => {
      const onStop = (): void => give(undefined);
      const give = (frame: Frame | undefined): void => {
        stop.removeEventListener('abort', onStop);
        desk.give = undefined;
        resolve(frame);
      };
      if (stop.aborted) return resolve(undefined);
      stop.addEventListener('abort', onStop, { once: true });
      desk.give = give;
      grant();
    });

  return {
    offer: (camera, frame) => {
      const desk = desks.get(camera);
      if (desk === undefined) return;
      if (desk.frames.put(frame)) order.arrived(camera);
      grant();
    },
    async *frames(camera, stop) {
      const desk = desks.get(camera);
      if (desk === undefined) return;
      for (;;) {
        const frame = await turn(desk, stop);
        if (frame === undefined) return;
        try {
          yield frame;
        } finally {
          running -= 1;
          grant();
        }
      }
    },
    drops: (camera) => {
      const desk = desks.get(camera);
      return { superseded: desk?.frames.superseded ?? 0, late: desk?.late ?? 0 };
    },
  };
}
