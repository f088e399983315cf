import type { KnownEvent, KnownEventOf } from './known-event.js';
import type { ClockQuality } from './clock-correction.js';
import type { FleetEventType } from '@edge-blueprints/contracts';

/** An event that the hub sees for the first time, with its device's number and its corrected time. */
export interface FreshEvent<E extends KnownEvent = KnownEvent> {
  readonly deviceId: number;
  readonly event: E;
  readonly atMs: number;
  readonly clock: ClockQuality;
  readonly receivedAtMs: number;
}

export function ofType<T extends FleetEventType>(
  fresh: readonly FreshEvent[],
  type: T,
): readonly FreshEvent<KnownEventOf<T>>[] {
  return fresh.filter((each): each is FreshEvent<KnownEventOf<T>> => each.event.type === type);
}

/** Start of the minute or hour that holds a time, as text for SQL. */
export function startOf(spanMs: number, atMs: number): string {
  return new Date(Math.floor(atMs / spanMs) * spanMs).toISOString();
}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
