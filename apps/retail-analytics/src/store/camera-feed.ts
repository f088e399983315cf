import { setTimeout as wait } from 'node:timers/promises';
import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Frame, FrameSource, FrameSourceStats, Logger } from '@edge-blueprints/contracts';

/** One camera's pictures, for as long as the store is open. */
export interface CameraFeed {
  /** Sums over all connections since the start. */
  stats(): FrameSourceStats;
  /** Why there are no pictures; empty while there is nothing to say. */
  trouble(): string;
  /** Settles when `stop` has fired or the source has come to its end (a video, a folder). Never rejects. */
  readonly ended: Promise<void>;
}

const nothing: FrameSourceStats = {
  captured: 0,
  delivered: 0,
  superseded: 0,
  corrupt: 0,
  reconnects: 0,
  connected: false,
};

/**
 * Hands every frame on as it comes. A source that fails is opened again after a pause: a camera that cannot work must
 * neither stop the others nor stay away for ever.
 */
export function runCameraFeed(options: {
  readonly camera: string;
  readonly open: () => FrameSource;
  /** Returns at once; the frame's buffer is the source's again afterwards. */
  readonly onFrame: (frame: Frame) => void;
  readonly restartMs: number;
  readonly log: Logger;
  readonly stop: AbortSignal;
}): CameraFeed {
  const { camera, log, stop } = options;
  let before = nothing;
  let source: FrameSource | undefined;
  let trouble = '';

  const runOnce = async (): Promise<void> => {
    const opened = options.open();
    source = opened;
    try {
      for await (const frame of opened.frames(stop)) {
        trouble = '';
        options.onFrame(frame);
      }
    } finally {
      before = sum(before, opened.stats());
      source = undefined;
      await opened.close();
    }
  };
  const run = async (): Promise<void> => {
    while (!stop.aborted) {
      try {
        await runOnce();
        if (!stop.aborted) {
          trouble = 'The source has come to its end';
          log.info('frame.source-ended', { camera });
        }
        return;
      } catch (error) {
        trouble = errorMessage(error);
        log.error('frame.source-failed', { camera, code: errorCode(error), message: trouble });
      }
      await wait(options.restartMs, undefined, { signal: stop }).catch(() => undefined);
    }
  };
  return {
    ended: run(),
    stats: () => (source === undefined ? before : sum(before, source.stats())),
    trouble: () => trouble,
  };
}

function sum(a: FrameSourceStats, b: FrameSourceStats): FrameSourceStats {
  return {
    captured: a.captured + b.captured,
    delivered: a.delivered + b.delivered,
    superseded: a.superseded + b.superseded,
    corrupt: a.corrupt + b.corrupt,
    reconnects: a.reconnects + b.reconnects,
    connected: b.connected,
  };
}
