import type { Clock, DeliveryClass, DeviceIdentity, Logger, Random } from '@edge-blueprints/contracts';
import type { LatencyHistogram } from '@edge-blueprints/pipeline';
import type { Outbox } from '../outbox/outbox-port.js';
import type { Schedule } from './schedule.js';
import type { UplinkLimits } from './uplink-limits.js';
import type { UplinkStats } from './uplink-port.js';

export interface BatchSenderOptions {
  readonly identity: DeviceIdentity;
  readonly outbox: Outbox;
  readonly publish: (payload: Uint8Array) => Promise<void>;
  readonly clock: Clock;
  readonly bootMonotonicMs: number;
  readonly random: Random;
  readonly log: Logger;
  readonly schedule: Schedule;
  readonly limits: UplinkLimits;
  readonly ackLatency: LatencyHistogram;
}

export interface BatchSender {
  /** The connection stands. */
  start(): void;
  /** It is gone: everything on the way may be sent again. */
  stop(): void;
  nudge(deliveryClass: DeliveryClass): void;
  /** The hub's word, as it came. */
  acknowledge(payload: Uint8Array): Promise<void>;
  stats(): Omit<UplinkStats, 'link' | 'state' | 'ackLatency'>;
  readonly waiting: () => number;
}
