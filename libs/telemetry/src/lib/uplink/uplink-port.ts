import type { DeliveryClass } from '@edge-blueprints/contracts';
import type { LatencySnapshot } from '@edge-blueprints/pipeline';
import type { MqttLinkStats } from './mqtt-port.js';

/** Empties the outbox into the hub. Nothing leaves the outbox before the hub has acknowledged or refused it. */
export interface Uplink {
  /** An event of this class was appended. Critical ones are sent at once, others gather for a moment. */
  nudge(deliveryClass: DeliveryClass): void;
  /** Connects at once when it waits for its next try. */
  connectNow(): void;
  stats(): UplinkStats;
  /** Tells the hub that this device leaves in order, then disconnects. The outbox stays open. */
  close(): Promise<void>;
}

/** Counters since the start of the process. */
export interface UplinkStats {
  readonly link: MqttLinkStats;
  /** `draining`: more waits than one batch. */
  readonly state: 'offline' | 'draining' | 'current' | 'closed';
  readonly batchesSent: number;
  readonly eventsSent: number;
  readonly batchesAcknowledged: number;
  readonly eventsAcknowledged: number;
  readonly eventsRefused: number;
  /** Events that went out more than once as far as this process knows: no answer in time, or the connection ended. */
  readonly eventsResent: number;
  readonly ackTimeouts: number;
  readonly publishFailures: number;
  readonly malformedAcks: number;
  /** For another outbox file: from the time before it was replaced. */
  readonly foreignAcks: number;
  /** For numbers that were not on the way: late or double. */
  readonly unexpectedAcks: number;
  readonly outboxFailures: number;
  readonly inFlightBatches: number;
  readonly inFlightEvents: number;
  /** From the send to the hub's acknowledgement. */
  readonly ackLatency: LatencySnapshot;
  readonly lastAckAgeMs: number | null;
  /** At the rate of the last minute, seconds until nothing waits; null when that rate is unknown. */
  readonly drainSeconds: number | null;
}
