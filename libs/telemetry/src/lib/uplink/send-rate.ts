import { fleetLimits } from '@edge-blueprints/contracts';

export interface SendRate {
  /** Batches that may be on the way. */
  readonly window: () => number;
  /** Size of the next batch. */
  readonly batchBytes: () => number;
  /** Events that the next batch can hold, by the size of the last ones. */
  readonly batchEvents: () => number;
  /** How long to wait for the hub's acknowledgement after the broker's. */
  readonly ackTimeoutMs: () => number;
  sent(events: number, bytes: number): void;
  acknowledged(elapsedMs: number): void;
  /** No answer in time. */
  timedOut(): void;
  /** The connection ended with something on the way. */
  lost(): void;
  /** A new connection: begin with one batch. */
  connected(): void;
}

export const sendRateBounds = {
  windowBatches: 4,
  smallestBatchBytes: 4_096,
  firstBatchBytes: 65_536,
  ackTimeoutMs: 10_000,
  longestAckTimeoutMs: 120_000,
  /** A batch on the way for longer is too large for this link: its keepalive stands behind it. */
  slowBatchMs: 5_000,
  quickBatchMs: 1_000,
} as const;

/**
 * Additive increase of the batches on the way, halving of window and batch on trouble: a slow or flapping link gets small
 * batches that arrive, a good one full ones. @see RFC 5681 for the rule
 */
export function createSendRate(bounds: { readonly windowBatches: number; readonly ackTimeoutMs: number }): SendRate {
  const { smallestBatchBytes, slowBatchMs, quickBatchMs, longestAckTimeoutMs } = sendRateBounds;
  let window = 1;
  let batchBytes: number = sendRateBounds.firstBatchBytes;
  let eventBytes = 700;
  let timeouts = 0;
  let smoothedMs = 0;
  const shrink = (): void => {
    window = 1;
    batchBytes = Math.max(smallestBatchBytes, batchBytes / 2);
  };
  return {
    window: () => window,
    batchBytes: () => batchBytes,
    batchEvents: () => Math.min(fleetLimits.batchEvents, Math.max(1, Math.ceil((batchBytes / eventBytes) * 1.1))),
    ackTimeoutMs: () =>
      Math.min(longestAckTimeoutMs, Math.max(bounds.ackTimeoutMs, 4 * smoothedMs) * 2 ** Math.min(timeouts, 10)),
    sent(events, bytes) {
      if (events > 0) eventBytes += (bytes / events - eventBytes) / 4;
    },
    acknowledged(elapsedMs) {
      timeouts = 0;
      smoothedMs += (elapsedMs - smoothedMs) / 8;
      if (elapsedMs > slowBatchMs) return shrink();
      window = Math.min(bounds.windowBatches, window + 1);
      if (elapsedMs < quickBatchMs) batchBytes = Math.min(fleetLimits.batchBytes, batchBytes * 2);
    },
    timedOut() {
      timeouts += 1;
      shrink();
    },
    lost: shrink,
    connected() {
      window = 1;
    },
  };
}
