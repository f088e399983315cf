import { createCamera } from '@edge-blueprints/cameras';
import { errorMessage } from '@edge-blueprints/contracts';
import type { Clock, FrameSource, Logger, Random, StoreCameraView } from '@edge-blueprints/contracts';
import type { StoreCameraConfig } from '../config.js';
import { runDataPath } from '../data-path.js';
import { runCameraFeed } from './camera-feed.js';
import type { CameraFeed } from './camera-feed.js';
import type { StoreCamera } from './store-camera.js';

/** All cameras of the store at work. */
export interface StoreCameras {
  views(): readonly StoreCameraView[];
  /** Totals over all cameras, by cause. */
  drops(): Readonly<Record<string, number>>;
  of(camera: string): StoreCamera | undefined;
  /** Settles when every source has come to its end. A camera that is gone for a while does not end. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const restartMs = 5_000;

export function startCameras(
  configs: readonly StoreCameraConfig[],
  deps: {
    readonly create: (config: StoreCameraConfig) => StoreCamera;
    /** The source of a camera; `createCamera` but in tests. */
    readonly open?: (config: StoreCameraConfig) => FrameSource;
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Logger;
  },
): StoreCameras {
  const { clock, random, log } = deps;
  const open =
    deps.open ??
    (({ id, source }: StoreCameraConfig) => createCamera(source, { clock, random: random.fork(id), logger: log }));
  const stop = new AbortController();
  const running = configs.map((config) => {
    const camera = deps.create(config);
    const feed = runCameraFeed({
      camera: config.id,
      open: () => open(config),
      onFrame: camera.arrived,
      restartMs,
      log,
      stop: stop.signal,
    });
    const path = runDataPath(camera.line, stop.signal).catch((error: unknown) =>
      log.error('store.path-ended', { camera: config.id, message: errorMessage(error) }),
    );
    return { id: config.id, camera, feed, path };
  });
  const viewOf = ({ camera, feed }: { readonly camera: StoreCamera; readonly feed: CameraFeed }): StoreCameraView =>
    camera.view(feed.stats(), feed.trouble());

  return {
    views: () => running.map(viewOf),
    drops: () => {
      const totals: Record<string, number> = {};
      for (const { camera, feed } of running)
        for (const [cause, count] of Object.entries(camera.drops(feed.stats())))
          totals[cause] = (totals[cause] ?? 0) + count;
      return totals;
    },
    of: (camera) => running.find(({ id }) => id === camera)?.camera,
    ended: Promise.all(running.map(({ feed }) => feed.ended)).then(() => undefined),
    close: async () => {
      stop.abort();
      await Promise.allSettled(running.flatMap(({ feed, path }) => [feed.ended, path]));
    },
  };
}
