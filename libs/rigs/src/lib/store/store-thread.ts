import type { StorePlan } from '@edge-blueprints/contracts';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import type { Figure } from './scene/figure.js';
import type { PinholeCamera, SceneLook } from './scene/scene.js';

/** What is to be seen in one picture. `yawDeg` and `pitchDeg` are added to the way the camera looks. */
export interface PictureOrder {
  readonly figures: readonly Figure[];
  readonly look: SceneLook;
  readonly frameNumber: number;
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

/** The renderer of one camera. One picture at a time; who asks while it is busy skips. */
export interface PictureSource {
  readonly busy: boolean;
  /** RGB bytes. @throws DeviceError `rig.store-renderer-failed` */
  picture(order: PictureOrder): Promise<Uint8Array>;
}

export interface StoreThread {
  source(camera: PinholeCamera): PictureSource;
  close(): Promise<void>;
}

interface Taker {
  readonly resolve: (pixels: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('picture'), camera: z.string(), pixels: z.instanceof(Uint8Array) }),
]);

/**
 * Renderers of all cameras in one thread beside the store's clock: they take turns, and together use one core at most.
 * Settles when the standing parts of all views are drawn. @throws DeviceError `rig.store-renderer-failed`
 */
export async function openStoreThread(
  plan: StorePlan,
  cameras: readonly PinholeCamera[],
  seed: number,
): Promise<StoreThread> {
  const worker = startWorker(import.meta.url, './store-thread-worker', { workerData: { plan, cameras, seed } });
  const waiting = new Map<string, Taker>();
  let broken: DeviceError | undefined;
  let beReady: () => void = () => undefined;
  let neverReady: (error: unknown) => void = () => undefined;
  const ready = new Promise<void>((resolve, reject) => {
    beReady = resolve;
    neverReady = reject;
  });
  const fail = (why: string): void => {
    broken ??= new DeviceError(
      'rig.store-renderer-failed',
      `The renderer of the store's pictures stopped: ${why}. Start the store again.`,
      { retry: 'safe' },
    );
    neverReady(broken);
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  worker.on('message', (message: unknown) => {
    const parsed = answerSchema.safeParse(message);
    if (!parsed.success) return fail(`it answered ${z.prettifyError(parsed.error)}`);
    const answer = parsed.data;
    if (answer.kind === 'ready') return beReady();
    const taker = waiting.get(answer.camera);
    waiting.delete(answer.camera);
    taker?.resolve(answer.pixels);
  });
  worker.on('error', (error) => fail(errorMessage(error)));
  worker.on('exit', () => fail('its thread has ended'));
  await ready;
  return {
    source: ({ id }) => ({
      get busy() {
        return waiting.has(id);
      },
      picture: (order) =>
        new Promise((resolve, reject) => {
          if (broken) return reject(broken);
          waiting.set(id, { resolve, reject });
          worker.postMessage({ camera: id, ...order });
        }),
    }),
    close: async () => {
      await worker.terminate();
    },
  };
}
