import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError, errorCode, errorMessage, type Logger, type Random } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { FrameFeed } from './frame-feed.js';

export const reconnectSchema = z
  .strictObject({
    minMs: z.int().min(1).default(200).describe('First pause after a lost connection'),
    maxMs: z.int().min(1).default(5000).describe('Longest pause; it doubles up to here'),
  })
  .refine((r) => r.minMs <= r.maxMs, { error: 'minMs must not be above maxMs', path: ['minMs'] });

export type ReconnectRules = z.infer<typeof reconnectSchema>;

/**
 * Connects until `stop` fires. Pauses double from `minMs` to `maxMs`, each shortened by up to half at random so that the
 * stations of a line do not knock in step; a connection that delivered resets them. Every loss is logged once.
 * What the operator must change (a ConfigError) is not retried but thrown.
 * @param connectOnce settles when the connection is over; calls `alive` with the first frame
 */
export async function stayConnected(options: {
  readonly camera: string;
  readonly connectOnce: (alive: () => void) => Promise<void>;
  readonly feed: FrameFeed;
  readonly rules: ReconnectRules;
  readonly random: Random;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}): Promise<void> {
  const { camera, connectOnce, feed, rules, random, logger, stop } = options;
  let attempt = 0;
  while (!stop.aborted) {
    let reason = 'the camera closed the connection';
    let code = 'camera.closed';
    try {
      await connectOnce(() => {
        attempt = 0;
        feed.connection(true);
      });
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      reason = errorMessage(error);
      code = errorCode(error);
    }
    feed.connection(false);
    if (stop.aborted) return;
    const pauseMs = Math.min(rules.maxMs, rules.minMs * 2 ** Math.min(attempt, 20)) * (1 - random.next() / 2);
    attempt += 1;
    logger.warn('frame.camera-lost', { camera, code, reason, retryInMs: Math.round(pauseMs) });
    await wait(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) feed.reconnecting();
  }
}
