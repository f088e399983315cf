import type { AlarmPriority, AlarmSnapshot } from '@edge-blueprints/contracts';
import { isCalling } from '../ward/urgency.js';

/** What can be heard: one of the three priorities, or the station itself, which has lost the gateway. */
export type Signal = AlarmPriority | 'lost';

export interface Pulse {
  /** Seconds after the start of the burst. */
  readonly atS: number;
  readonly forS: number;
  readonly hz: number;
}

/** The shapes differ by count and rhythm, so that they are told apart without pitch. Not an implementation of IEC 60601-1-8. */
export const bursts: Readonly<Record<Signal, readonly Pulse[]>> = {
  PH: [0, 0.25, 0.5, 0.95, 1.2, 2.2, 2.45, 2.7, 3.15, 3.4].map((atS) => ({ atS, forS: 0.15, hz: 880 })),
  PM: [0, 0.4, 0.8].map((atS) => ({ atS, forS: 0.22, hz: 660 })),
  PL: [{ atS: 0, forS: 0.3, hz: 494 }],
  lost: [0, 0.35, 0.7, 1.05].map((atS, i) => ({ atS, forS: 0.3, hz: i % 2 === 0 ? 760 : 440 })),
};

/** From the start of a burst to the start of the next one. */
export const repeatEveryMs: Readonly<Record<Signal, number>> = { lost: 4_000, PH: 7_000, PM: 15_000, PL: 30_000 };

const rank: Readonly<Record<Signal, number>> = { lost: 0, PH: 1, PM: 2, PL: 3 };

/** The one signal that is due, or none. The lost link is first: then nobody knows about the alarms. */
export function dueSignal(alarms: readonly AlarmSnapshot[], linkLost: boolean, nowMs: number): Signal | null {
  if (linkLost) return 'lost';
  const heard = alarms.filter(
    (alarm) =>
      isCalling(alarm) &&
      !(alarm.shelvedUntilMs !== undefined && alarm.shelvedUntilMs > nowMs) &&
      !(alarm.audioPausedUntilMs !== undefined && alarm.audioPausedUntilMs > nowMs),
  );
  return heard.reduce<Signal | null>(
    (most, { priority }) => (most === null || rank[priority] < rank[most] ? priority : most),
    null,
  );
}

export interface Sounding {
  readonly signal: Signal | null;
  readonly startedMs: number;
}

export const silent: Sounding = { signal: null, startedMs: 0 };

/** A more urgent signal starts at once; the same and a lesser one wait for the end of the current period. */
export function nextSounding(
  sounding: Sounding,
  due: Signal | null,
  nowMs: number,
): { readonly sounding: Sounding; readonly play: Signal | null } {
  if (due === null) return { sounding: sounding.signal === null ? sounding : silent, play: null };
  const started = { sounding: { signal: due, startedMs: nowMs }, play: due };
  if (sounding.signal === null || rank[due] < rank[sounding.signal]) return started;
  const waited = nowMs - sounding.startedMs;
  const needed = due === sounding.signal ? repeatEveryMs[due] : Math.min(repeatEveryMs[due], burstMs(sounding.signal));
  return waited >= needed ? started : { sounding, play: null };
}

const burstMs = (signal: Signal): number =>
  1_000 * Math.max(...bursts[signal].map(({ atS, forS }) => atS + forS)) + 500;
