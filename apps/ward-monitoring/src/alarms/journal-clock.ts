import type { Clock } from '@edge-blueprints/contracts';
import type { StartInput } from './engine-input.js';

/** The wall clock may be wrong by anything; no absence counts for more than this. */
const longestAbsenceMs = 24 * 3_600_000;

export interface JournalClockOptions {
  readonly clock: Clock;
  /** Changes when the machine starts, as does its monotonic clock: `/proc/sys/kernel/random/boot_id`, or anything random. */
  readonly machineBoot: string;
  readonly lastStart: StartInput | undefined;
  /** Journal clock of the last entry. */
  readonly lastMs: number;
}

/**
 * The journal clock: whole milliseconds, never back. While the machine runs it follows the monotonic clock, also across restarts of
 * the gateway; over a restart of the machine the wall clock tells the absence. Steps of the wall clock in between do not reach it.
 */
export function continueJournalClock({ clock, machineBoot, lastStart, lastMs }: JournalClockOptions): () => number {
  const startMonotonicMs = clock.monotonicMs();
  const startMs = lastMs + absenceMs();
  let newest = startMs;
  return () => {
    newest = Math.max(newest, startMs + Math.floor(clock.monotonicMs() - startMonotonicMs));
    return newest;
  };

  function absenceMs(): number {
    if (lastStart === undefined) return 0;
    const ranMs = lastMs - lastStart.atMs;
    const passedMs =
      lastStart.machineBoot === machineBoot
        ? startMonotonicMs - lastStart.monotonicMs
        : clock.epochMs() - lastStart.epochMs;
    return Math.min(Math.max(0, Math.floor(passedMs - ranMs)), longestAbsenceMs);
  }
}
