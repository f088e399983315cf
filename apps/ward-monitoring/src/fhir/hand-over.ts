import { errorCode } from '@edge-blueprints/contracts';
import type { DeliveryQueue } from '@edge-blueprints/telemetry';
import type { RankedResource } from './recorded-ward.js';

export interface HandOverStats {
  /** In memory, on the way to the disk. */
  readonly buffered: number;
  readonly stored: number;
  /** Not kept because the disk did not keep up or did not take them. */
  readonly dropped: number;
  readonly failures: number;
  readonly lastFailure?: string;
}

export interface HandOver {
  /** Never waits and never throws. */
  put(resources: readonly RankedResource[], atMs: number): void;
  /** Starts the next write where none is running. */
  push(): void;
  /** Resolves when everything is on disk, or when the disk refused it. */
  flush(): Promise<void>;
  stats(): HandOverStats;
}

interface Waiting {
  readonly rank: RankedResource['rank'];
  readonly atMs: number;
  readonly body: string;
}

const batchEntries = 500;

/** From the path of the ward to the disk beside it: one write at a time, each as large as what came during the one before. */
export function createHandOver(queue: Pick<DeliveryQueue, 'append'>, most: number, wake: () => void): HandOver {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let stored = 0;
  let dropped = 0;
  let failures = 0;
  let lastFailure: string | undefined;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchEntries);
      try {
        const taken = await queue.append(batch);
        stored += taken;
        dropped += batch.length - taken;
      } catch (error) {
        // Nothing was stored: the same ones go again with the next push.
        failures += 1;
        lastFailure = errorCode(error);
        return;
      }
      waiting = waiting.slice(batch.length);
      wake();
    }
  };
  const push = (): Promise<void> =>
    (running ??= write().finally(() => {
      running = undefined;
    }));

  return {
    put(resources, atMs) {
      for (const { rank, resource } of resources) {
        // What others point at is little, and is told once.
        if (waiting.length >= most && rank !== 'foundation') dropped += 1;
        else waiting.push({ rank, atMs, body: JSON.stringify(resource) });
      }
    },
    push: () => void push(),
    async flush() {
      await push();
      // What came while the last write was ending.
      if (waiting.length > 0) await push();
    },
    stats: () => ({
      buffered: waiting.length,
      stored,
      dropped,
      failures,
      ...(lastFailure === undefined ? {} : { lastFailure }),
    }),
  };
}
