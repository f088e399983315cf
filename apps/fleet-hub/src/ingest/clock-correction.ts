import { z } from 'zod';
import type { FleetEvent } from '@edge-blueprints/contracts';

/** When, by the hub's clock, a device's process began: the one link between its monotonic clock and our time. */
export const clockLinkSchema = z.object({
  boot: z.string(),
  /** Hub time at which the process's monotonic clock stood at 0, ms since 1970. */
  beganMs: z.number(),
  /** Hub time of that judgement. */
  judgedAtMs: z.number(),
  /** Device wall clock minus hub clock, ms. */
  skewMs: z.number(),
  /** Since when every batch came later than `beganMs` explains, and the least that would explain them. */
  late: z.object({ sinceMs: z.number(), leastMs: z.number() }).nullable(),
});
export type ClockLink = Readonly<z.infer<typeof clockLinkSchema>>;

/** `monotonic`: exact but for the network's delay. `wall`: trusts that the device's clock did not step in between. */
export type ClockQuality = 'monotonic' | 'wall';

/** Two monotonic clocks drift apart by less than this. */
const maxDrift = 500e-6;
/** No delay lasts this long for every single batch: then the hub's own clock was set. */
const lateForMs = 15 * 60_000;
/** Older than any event can be; keeps a broken clock from leaving the range of dates. */
const maxAgeMs = 20 * 365 * 86_400_000;

type Sent = Pick<FleetEvent, 'boot' | 'sentuptimems' | 'senttime'>;

/**
 * Every batch says that the process began at most `receivedAt - sentuptimems`; what is above the truth is delay (a batch may
 * have waited in the broker for hours). So the least of them holds, and may rise only as fast as clocks drift.
 */
export function linkClock(before: ClockLink | null, sent: Sent, receivedAtMs: number): ClockLink {
  const heardMs = receivedAtMs - sent.sentuptimems;
  const known = before !== null && before.boot === sent.boot ? before : null;
  const limitMs = known === null ? heardMs : known.beganMs + Math.max(0, receivedAtMs - known.judgedAtMs) * maxDrift;
  const late =
    heardMs <= limitMs
      ? null
      : {
          sinceMs: known?.late?.sinceMs ?? receivedAtMs,
          leastMs: Math.min(heardMs, known?.late?.leastMs ?? heardMs),
        };
  const wasSet = late !== null && receivedAtMs - late.sinceMs > lateForMs;
  const beganMs = wasSet ? late.leastMs : Math.min(heardMs, limitMs);
  return {
    boot: sent.boot,
    beganMs,
    judgedAtMs: receivedAtMs,
    skewMs: Date.parse(sent.senttime) - (beganMs + sent.sentuptimems),
    late: wasSet ? null : late,
  };
}

/** Ages of one event by the two clocks of its device agree so closely only when the process that made it also sent it. */
const agreementMs = 1_000;

/**
 * The process that sent a batch, which may hold events of earlier ones: the one whose events' ages agree on both clocks;
 * where the wall clock was set meanwhile and none agrees, the one of the last birth.
 */
export function senderBoot(
  events: readonly Pick<FleetEvent, 'boot' | 'sequence' | 'uptimems' | 'sentuptimems' | 'senttime' | 'time'>[],
  lastBirth: string | null,
): string | undefined {
  const newestFirst = [...events].sort((a, b) => b.sequence - a.sequence);
  const own = newestFirst.find(({ uptimems, sentuptimems, senttime, time }) => {
    const byWallMs = Date.parse(senttime) - Date.parse(time);
    return uptimems <= sentuptimems && Math.abs(byWallMs - (sentuptimems - uptimems)) < agreementMs;
  });
  return own?.boot ?? lastBirth ?? newestFirst[0]?.boot;
}

/**
 * The time of an event by the hub's clock, however wrong the device's is. Events of the process that sent them are dated by
 * the monotonic clock; those of an earlier process by their age on the device's wall clock. Never in the future.
 */
export function correctedTime(
  event: Pick<FleetEvent, 'boot' | 'uptimems' | 'sentuptimems' | 'senttime' | 'time'>,
  link: ClockLink,
  receivedAtMs: number,
): { readonly atMs: number; readonly quality: ClockQuality } {
  if (event.boot === link.boot && event.uptimems <= event.sentuptimems)
    return { atMs: Math.min(receivedAtMs, link.beganMs + event.uptimems), quality: 'monotonic' };
  const sentAtMs = Math.min(receivedAtMs, link.beganMs + event.sentuptimems);
  const ageMs = Math.min(maxAgeMs, Math.max(0, Date.parse(event.senttime) - Date.parse(event.time)));
  return { atMs: sentAtMs - ageMs, quality: 'wall' };
}
