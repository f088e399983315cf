import type { MinimumCount } from '@edge-blueprints/contracts';

const minuteMs = 60_000;

/** Events of the last hour, in minutes. */
export class RollingCount {
  readonly #minutes = new Map<number, number>();

  add(nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    for (const old of this.#minutes.keys()) if (old <= minute - 60) this.#minutes.delete(old);
  }

  lastHour(nowMs: number): number {
    const first = Math.floor(nowMs / minuteMs) - 60;
    let sum = 0;
    for (const [minute, count] of this.#minutes) if (minute > first) sum += count;
    return sum;
  }
}

/** A count as it may be shown: below the minimum it is told as fewer, also when it is none. */
export function shown(value: number, minimum: number): MinimumCount {
  return value < minimum ? { kind: 'fewer', than: minimum } : { kind: 'count', value };
}

/** The calendar day of a moment in a time zone, as a label. An hour that comes twice belongs to its one day. */
export function createDayLabels(timeZone: string): (epochMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  let minute = Number.NaN;
  let label = '';
  return (epochMs) => {
    const now = Math.floor(epochMs / minuteMs);
    if (now !== minute) {
      minute = now;
      label = format.format(epochMs);
    }
    return label;
  };
}
