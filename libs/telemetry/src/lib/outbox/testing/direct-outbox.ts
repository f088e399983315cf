import type { Clock } from '@edge-blueprints/contracts';
import type { Outbox, OutboxLimits } from '../outbox-port.js';
import { openSqliteOutbox } from '../sqlite-outbox.js';

/** The outbox on SQLite without its thread and its groups: every append is its own commit. */
export function openDirectOutbox(
  options: OutboxLimits & {
    readonly file: string;
    readonly clock: Clock;
    readonly boot: string;
    readonly newEpoch: string;
    readonly checkpointPages: number;
    readonly numberBlock: number;
    readonly onRecovery: (reason: string) => void;
  },
): Outbox {
  const { clock } = options;
  const outbox = openSqliteOutbox(options);
  const now = () => ({ epochMs: clock.epochMs(), uptimeMs: clock.monotonicMs() });
  return {
    async append(event) {
      const [result] = outbox.append([event], now());
      if (result && 'failure' in result) throw result.failure;
      return { sequence: result?.sequence ?? null };
    },
    next: async (limit) => outbox.next(limit, now()),
    acknowledge: async (epoch, accepted) => outbox.acknowledge(epoch, accepted, now()),
    refuse: async (epoch, refused) => outbox.refuse(epoch, refused, now()),
    stats: async () => outbox.stats(now()),
    contiguity: async () => outbox.contiguity(now()),
    close: async () => outbox.close(),
  };
}
