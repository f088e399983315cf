import type { Clock, Logger } from '@edge-blueprints/contracts';
import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { FrameOutlet } from '../line/frame-outlet.js';
import type { Figure } from './scene/figure.js';
import type { PinholeCamera, SceneLook } from './scene/scene.js';
import type { PictureSource } from './store-thread.js';

export interface StoreCameraOptions {
  readonly camera: PinholeCamera;
  readonly framesPerS: number;
  /** Of its period after which this camera shoots, 0 to 1, so that cameras do not all want the machine at once. */
  readonly stagger: number;
  readonly source: PictureSource;
  readonly outlet: FrameOutlet;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The store at this moment of the monotonic clock, and the exact moment that it stands for. */
  readonly scene: (nowMs: number) => {
    readonly atMs: number;
    readonly figures: readonly Figure[];
    readonly look: SceneLook;
  };
}

export interface CameraFaults {
  readonly lost: boolean;
  readonly slow: boolean;
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly jumpMs: number;
}

export interface CameraCounters {
  readonly taken: number;
  readonly sent: number;
  /** Pictures whose turn came while the renderer was still at the last one. */
  readonly skipped: number;
  /** Pictures that a slow client did not get. */
  readonly dropped: number;
}

export interface StoreCamera {
  readonly port: number;
  readonly clients: number;
  setFaults(faults: CameraFaults): Promise<void>;
  counters(): CameraCounters;
  close(): Promise<void>;
}

export const noCameraFaults: CameraFaults = { lost: false, slow: false, yawDeg: 0, pitchDeg: 0, jumpMs: 0 };
const slowFramesPerS = 2;

/** Takes pictures on its own beat. The beat never stretches: a turn that is missed is counted and gone. */
export function runStoreCamera(options: StoreCameraOptions): StoreCamera {
  const { camera, source, outlet, clock, logger } = options;
  const periodMs = 1000 / options.framesPerS;
  const startMs = clock.monotonicMs() + options.stagger * periodMs;
  let faults = noCameraFaults;
  let beat = 0;
  let sequence = 0;
  let skipped = 0;
  let lastMs = -Infinity;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let broken = false;

  const shoot = (nowMs: number): void => {
    if (faults.lost || (faults.slow && nowMs - lastMs < 1000 / slowFramesPerS - periodMs / 2)) return;
    if (source.busy) {
      skipped += 1;
      return;
    }
    lastMs = nowMs;
    const { atMs, figures, look } = options.scene(nowMs);
    const epochMs = clock.epochMs() + atMs - clock.monotonicMs() + faults.jumpMs;
    const { yawDeg, pitchDeg } = faults;
    const { width, height } = camera;
    const number = sequence;
    sequence += 1;
    void source.picture({ figures, look, frameNumber: number, yawDeg, pitchDeg }).then(
      (pixels) => {
        if (closed || faults.lost) return;
        outlet.send({ sequence: number, capturedAtMs: atMs, epochMs, width, height, format: 'rgb24' }, pixels);
      },
      (error: unknown) => {
        if (!broken && !closed)
          logger.error('store.camera-failed', {
            camera: camera.id,
            code: errorCode(error),
            reason: errorMessage(error),
          });
        broken = true;
      },
    );
  };
  const next = (): void => {
    if (closed) return;
    const nowMs = clock.monotonicMs();
    const due = Math.floor((nowMs - startMs) / periodMs);
    if (due >= beat) {
      skipped += due - beat;
      beat = due + 1;
      shoot(nowMs);
    }
    timer = setTimeout(next, Math.max(1, startMs + beat * periodMs - clock.monotonicMs()));
  };
  next();
  return {
    port: outlet.port,
    get clients() {
      return outlet.clients;
    },
    setFaults: async (given) => {
      const wasLost = faults.lost;
      faults = given;
      if (given.lost !== wasLost) await outlet.setPresent(!given.lost);
    },
    counters: () => ({ taken: sequence, sent: outlet.sent, skipped, dropped: outlet.dropped }),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await outlet.close();
    },
  };
}
