import { deliveryClasses, type DeliveryClass } from '@edge-blueprints/contracts';
import { z } from 'zod';

const count = z.int().nonnegative();
const perClass = z.strictObject({ critical: count, business: count, metric: count });

/** What an outbox knows beside its rows. Written in the transaction of every change. */
export const outboxStateSchema = z.strictObject({
  format: z.literal(1),
  epoch: z.string().regex(/^[0-9a-f]{16}$/),
  /** How often the file was opened. */
  starts: count,
  /** Highest number that was ever given. */
  highest: count,
  /** Running time over all process starts. */
  lifeMs: count,
  waiting: perClass,
  bytes: perClass,
  /** Bytes of waiting gap records; part of the critical bytes, but not of their quota. */
  gapBytes: count,
  delivered: count,
  declaredLost: z.record(z.string(), count),
  strayAcknowledgements: count,
  recoveries: count,
  lastRecovery: z.string().nullable(),
  /** Mark of the newest event, for gap records. */
  simulated: z.boolean(),
});
export type OutboxState = z.infer<typeof outboxStateSchema>;

export const noneOfEach = (): Record<DeliveryClass, number> => ({ critical: 0, business: 0, metric: 0 });

export function freshState(epoch: string): OutboxState {
  return {
    format: 1,
    epoch,
    starts: 0,
    highest: 0,
    lifeMs: 0,
    waiting: noneOfEach(),
    bytes: noneOfEach(),
    gapBytes: 0,
    delivered: 0,
    declaredLost: {},
    strayAcknowledgements: 0,
    recoveries: 0,
    lastRecovery: null,
    simulated: false,
  };
}

export function copyState(state: OutboxState): OutboxState {
  return {
    ...state,
    waiting: { ...state.waiting },
    bytes: { ...state.bytes },
    declaredLost: { ...state.declaredLost },
  };
}

export function totalBytes(state: OutboxState): number {
  return deliveryClasses.reduce((sum, name) => sum + state.bytes[name], 0);
}
