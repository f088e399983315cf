import type { AuditEntry, Clock } from '@edge-blueprints/contracts';
import type { ClockReading } from './clock-reading.js';

export interface ClockWatchOptions {
  readonly clock: Clock;
  /** Asks the machine's time service; must not reject and must end. */
  readonly read: () => Promise<ClockReading>;
}

/** Something about the wall clock that belongs into the trail. */
export interface ClockNews {
  /** How far the wall clock moved against the monotonic one; 0 where only the source changed. */
  readonly movedMs: number;
  readonly state: AuditEntry['clock'];
}

/** What is known of the wall clock. Alarms, delays and numbers never use it; entries and people do. */
export interface ClockWatch {
  /** About once a second. @returns what must be written */
  look(): ClockNews | undefined;
  /** A live sample: the device's clock when it was measured, and how long it waited. */
  device(device: string, deviceMs: number, lagMs: number): void;
  state(): AuditEntry['clock'];
  /** The wall clock as far as it can be believed, for judging clocks of devices: one that jumps does not make all of them wrong. */
  believedMs(): number;
  /** In words, while something is wrong with it. */
  problem(): string | undefined;
  /** Resolves when the source has answered. */
  settled(): Promise<void>;
}

const stepMs = 500;
const askEveryMs = 16_000;
const unsyncedMs = 600_000;
/** A step is shown for so long, whatever becomes of it. */
const stepShownMs = 600_000;
const wrongMs = 1_000;
const disagreeMs = 2_000;
const deviceHeardMs = 60_000;
const fewestDevices = 3;
const mostDevices = 2_000;

/** Watches the wall clock by three witnesses: the monotonic clock, the time service, and the clocks of the wearables together. */
export function createClockWatch({ clock, read }: ClockWatchOptions): ClockWatch {
  const difference = (): number => clock.epochMs() - clock.monotonicMs();
  const startMs = clock.monotonicMs();
  let expected = difference();
  let reading: ClockReading | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let goodAtMs = startMs;
  let asking: Promise<void> | undefined;
  let askedMs = Number.NEGATIVE_INFINITY;
  let step: { readonly atMs: number; readonly movedMs: number } | undefined;
  let steps = 0;
  /** How many steps there had been when the source was asked. */
  let readAfter = 0;
  let told = '';
  let witness: { readonly difference: number; readonly count: number } | undefined;
  let believed = expected;
  const devices = new Map<string, { readonly difference: number; readonly heardMs: number }>();

  const ask = (): void => {
    askedMs = clock.monotonicMs();
    const askedAfter = steps;
    asking = read().then((answer) => {
      asking = undefined;
      // The step came while the source was asked: its answer is about the clock before.
      if (askedAfter !== steps) return;
      readAfter = askedAfter;
      reading = answer;
      readAtMs = clock.monotonicMs();
      if (answer.synced && Math.abs(answer.offsetMs ?? 0) < wrongMs) goodAtMs = readAtMs;
    });
  };
  /** The middle of the wearables' clocks, where at least three speak and two thirds of them agree. Once a second is enough. */
  const witnessed = (): typeof witness => {
    const nowMs = clock.monotonicMs();
    const all = [...devices.values()]
      .filter(({ heardMs }) => nowMs - heardMs < deviceHeardMs)
      .map((one) => one.difference)
      .sort((a, b) => a - b);
    const middle = all[Math.floor(all.length / 2)];
    if (all.length < fewestDevices || middle === undefined) return undefined;
    const agreeing = all.filter((one) => Math.abs(one - middle) < wrongMs).length;
    return 3 * agreeing >= 2 * all.length ? { difference: middle, count: agreeing } : undefined;
  };
  const measured = (): boolean => reading?.offsetMs !== undefined && reading.synced && readAfter === steps;
  const offsetMs = (): number => {
    if (measured()) return reading?.offsetMs ?? 0;
    if (witness !== undefined) return difference() - witness.difference;
    return step !== undefined && clock.monotonicMs() - step.atMs < stepShownMs ? step.movedMs : 0;
  };
  const state = (): AuditEntry['clock'] => {
    const recent = clock.monotonicMs() - goodAtMs < unsyncedMs;
    return {
      source: reading?.source ?? 'none',
      offsetMs: Math.round(offsetMs()),
      synced: reading?.synced === true && recent && readAfter === steps && Math.abs(offsetMs()) < disagreeMs,
    };
  };

  ask();
  return {
    look() {
      const nowMs = clock.monotonicMs();
      const movedMs = Math.round(difference() - expected);
      // Slewing is slow: what moves by less within a second is followed.
      expected = difference();
      const stepped = Math.abs(movedMs) > stepMs;
      if (stepped) {
        step = { atMs: nowMs, movedMs };
        steps += 1;
        askedMs = Number.NEGATIVE_INFINITY;
      }
      if (asking === undefined && nowMs - askedMs >= askEveryMs) ask();
      witness = witnessed();
      const off = offsetMs();
      believed = expected - (Math.abs(off) > disagreeMs ? off : 0);
      const now = state();
      const words = `${now.source} ${now.synced}`;
      if (!stepped && (words === told || readAtMs === Number.NEGATIVE_INFINITY)) return undefined;
      told = words;
      return { movedMs: stepped ? movedMs : 0, state: now };
    },
    device(device, deviceMs, lagMs) {
      if (!devices.has(device) && devices.size >= mostDevices) return;
      const heardMs = clock.monotonicMs();
      devices.set(device, { difference: deviceMs + lagMs - heardMs, heardMs });
    },
    state,
    believedMs: () => clock.monotonicMs() + believed,
    problem() {
      const nowMs = clock.monotonicMs();
      const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
      if (step !== undefined && nowMs - step.atMs < stepShownMs)
        return `The wall clock of the gateway jumped by ${seconds(step.movedMs)} s; alarms and delays do not use it`;
      if (measured() && Math.abs(offsetMs()) >= wrongMs)
        return `The wall clock of the gateway is off by ${seconds(offsetMs())} s, says ${reading?.source ?? ''}`;
      if (!measured() && witness !== undefined && Math.abs(offsetMs()) >= disagreeMs)
        return `${witness.count} wearables agree against the gateway's wall clock by ${seconds(offsetMs())} s`;
      if (nowMs - goodAtMs >= unsyncedMs) return 'The clock of the gateway has had no good source for 10 minutes';
      return undefined;
    },
    settled: async () => void (await asking),
  };
}
