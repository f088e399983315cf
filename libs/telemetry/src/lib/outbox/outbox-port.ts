import type { DeliveryClass, FleetEventData, FleetEventType, SequenceRange } from '@edge-blueprints/contracts';

/** One event for the hub. What its class promises stands at `deliveryClasses`. */
export interface OutboxInput<T extends FleetEventType = FleetEventType> {
  readonly type: T;
  readonly deliveryClass: DeliveryClass;
  readonly simulated: boolean;
  /** Wall clock at the event, ms since 1970. */
  readonly epochMs: number;
  /** Monotonic clock at the event, ms since the process start. */
  readonly uptimeMs: number;
  readonly data: FleetEventData<T>;
}

/** An event that waits, with its number. `data` is JSON text, kept as it was written. */
export interface OutboxEntry {
  readonly sequence: number;
  readonly boot: string;
  readonly type: string;
  readonly deliveryClass: DeliveryClass;
  readonly simulated: boolean;
  readonly epochMs: number;
  readonly uptimeMs: number;
  readonly data: string;
}

export interface OutboxStats {
  readonly epoch: string;
  readonly boot: string;
  /** Highest number of this epoch; 0 when it is fresh. */
  readonly highest: number;
  readonly pending: Readonly<Record<DeliveryClass, number>>;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Wall-clock ms of the oldest waiting event, null when nothing waits. */
  readonly oldestEpochMs: number | null;
  readonly delivered: number;
  /** Events that will never be delivered, by cause of the gap record. */
  readonly declaredLost: Readonly<Record<string, number>>;
  /** Metric events that were dropped before they had a number, because the group buffer was full. */
  readonly droppedBeforeStorage: number;
  /** The quota of critical events is full: the app must enter its degraded mode. */
  readonly criticalFull: boolean;
  /** How often a damaged file was mended, and the last reason. */
  readonly recoveries: number;
  readonly lastRecovery: string | null;
  /** Acknowledged numbers that did not wait (any more): doubles, declared ones, other epochs. */
  readonly strayAcknowledgements: number;
}

/** Bounds of an outbox. */
export interface OutboxLimits {
  /** Of all waiting events, each counted with its UTF-8 bytes and 512 for the envelope. */
  readonly maxBytes: number;
  /** Share of it that critical events may take; gap records are not counted. */
  readonly criticalBytes: number;
  /**
   * Business and metric events leave with a gap record when they have waited so long. Counted in running time of the
   * outbox, so that no wall clock, however wrong, throws anything away; time without power does not count.
   */
  readonly maxAgeMs: number;
}

/** Proof by one query: waiting + delivered + declared numbers against 1..highest. */
export interface Contiguity {
  readonly epoch: string;
  readonly highest: number;
  readonly pending: number;
  readonly delivered: number;
  readonly declared: number;
  /** Numbers that are in none or in two of the three; must be 0. */
  readonly missing: number;
  readonly twice: number;
}

/**
 * Durable and bounded. A `critical` or `business` event that `append` resolved for survives SIGKILL and power loss (SQLite,
 * WAL, synchronous=FULL) and stays until the hub's acknowledgement or a gap record says otherwise. `metric` events are
 * committed in groups; what a crash takes of them never had a number.
 */
export interface Outbox {
  /** @throws DeviceError `outbox.critical-full`, `outbox.too-large`, `outbox.disk` (nothing was stored) */
  append(event: OutboxInput): Promise<{ readonly sequence: number | null }>;
  /**
   * The next events to send: critical first, then a live share (newest of business and metric), then the backlog, oldest
   * first. Never an event of `inFlight`. Bounded by both limits; at least one event when any waits.
   */
  next(limit: {
    readonly events: number;
    readonly bytes: number;
    readonly inFlight: readonly SequenceRange[];
  }): Promise<readonly OutboxEntry[]>;
  /** The hub has committed these. Unknown numbers and other epochs are counted and ignored. */
  acknowledge(epoch: string, accepted: readonly SequenceRange[]): Promise<void>;
  /** The hub will never take these: they leave with a gap record `refused-by-hub`. */
  refuse(epoch: string, refused: readonly { readonly sequence: number; readonly code: string }[]): Promise<void>;
  stats(): Promise<OutboxStats>;
  contiguity(): Promise<Contiguity>;
  /** Commits the open group, then closes. */
  close(): Promise<void>;
}
