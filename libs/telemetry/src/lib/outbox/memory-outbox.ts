import type { Clock } from '@edge-blueprints/contracts';
import { checkOutboxLimits } from './outbox-limits.js';
import { createMemoryTables } from './memory-tables.js';
import { createOutboxLedger } from './outbox-ledger.js';
import type { Outbox, OutboxLimits } from './outbox-port.js';
import { freshState } from './outbox-state.js';

export interface MemoryOutboxOptions extends OutboxLimits {
  readonly clock: Clock;
  readonly boot: string;
  readonly newEpoch: string;
  /** `clock.monotonicMs()` at the process start; default: now. */
  readonly startedMs?: number;
}

/**
 * The outbox without a disk, under the same rules: for devices in virtual time and for simulated ones. Metric events get
 * their number at once.
 *
 * @throws UsageError `outbox.limits`
 */
export function createMemoryOutbox(options: MemoryOutboxOptions): Outbox {
  checkOutboxLimits(options);
  const { clock, boot } = options;
  const startedMs = options.startedMs ?? clock.monotonicMs();
  const now = () => ({ epochMs: clock.epochMs(), uptimeMs: clock.monotonicMs() - startedMs });
  const tables = createMemoryTables();
  const ledger = createOutboxLedger(tables, freshState(options.newEpoch), { limits: options, boot });
  return {
    async append(event) {
      const [result] = ledger.append([event], now());
      if (result && 'failure' in result) throw result.failure;
      return { sequence: result?.sequence ?? null };
    },
    async next(limit) {
      const at = now();
      if (ledger.hasAged(at)) ledger.ageOut(at);
      return ledger.next(limit).entries;
    },
    acknowledge: async (epoch, accepted) => ledger.acknowledge(epoch, accepted),
    refuse: async (epoch, refused) => ledger.refuse(epoch, refused, now()),
    async stats() {
      const head = ledger.oldestHead();
      return ledger.stats((head && tables.read([head]).rows[0]?.epochMs) ?? null);
    },
    contiguity: async () => ledger.contiguity(),
    close: async () => undefined,
  };
}
