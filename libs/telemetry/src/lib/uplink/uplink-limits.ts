import type { DeliveryClass } from '@edge-blueprints/contracts';

export interface UplinkLimits {
  /** Batches without the hub's acknowledgement. */
  readonly windowBatches: number;
  /** From the broker's acknowledgement to the hub's; four times the usual latency where that is longer, doubled with each failure. */
  readonly ackTimeoutMs: number;
  /** Pace of a backlog. */
  readonly eventsPerSecond: number;
  /** The first batch of a connection: alarms and what happens now. */
  readonly firstBatchEvents: number;
  /** The backlog follows after up to this long, drawn at random, so that devices that came back together do not push together. */
  readonly drainJitterMs: number;
  /** How long events gather before they are sent. */
  readonly gatherMs: Readonly<Record<DeliveryClass, number>>;
  /** Pause after a failure of the outbox or of the birth message. */
  readonly retryMs: number;
}

export const uplinkLimits: UplinkLimits = {
  windowBatches: 4,
  ackTimeoutMs: 10_000,
  eventsPerSecond: 1_000,
  firstBatchEvents: 50,
  drainJitterMs: 5_000,
  gatherMs: { critical: 0, business: 100, metric: 1_000 },
  retryMs: 1_000,
};
