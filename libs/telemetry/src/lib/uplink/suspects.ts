import type { OutboxEntry } from '../outbox/outbox-port.js';

export interface Suspects {
  /** These got no answer although the hub answered later ones. @returns those to give up, having failed alone too often */
  strike(numbers: readonly number[], nowMs: number): readonly number[];
  cleared(numbers: Iterable<number>): void;
  forget(): void;
  /** Must not be sent now. */
  waiting(nowMs: number): readonly number[];
  isSuspect(entry: OutboxEntry): boolean;
  readonly count: () => number;
}

/** From here on an event is sent alone, so that it holds nobody back. */
const aloneAt = 2;
const giveUpAt = 8;
const maxSuspects = 500;
const firstPauseMs = 5_000;
const longestPauseMs = 600_000;

/**
 * Finds the event that makes the hub drop a whole batch without an answer. A strike is only counted when the hub has
 * acknowledged something sent later, so a hub that is away gives none. After eight the event is given up, which leaves a gap
 * record; should the hub have it after all, the gap record says so too.
 */
export function createSuspects(): Suspects {
  const strikes = new Map<number, { count: number; notBeforeMs: number }>();
  return {
    strike(numbers, nowMs) {
      const hopeless: number[] = [];
      for (const number of numbers) {
        const count = (strikes.get(number)?.count ?? 0) + 1;
        if (count >= giveUpAt) {
          hopeless.push(number);
          strikes.delete(number);
        } else if (strikes.has(number) || strikes.size < maxSuspects) {
          const pauseMs = count < aloneAt ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (count - aloneAt));
          strikes.set(number, { count, notBeforeMs: nowMs + pauseMs });
        }
      }
      return hopeless;
    },
    cleared(numbers) {
      if (strikes.size > 0) for (const number of numbers) strikes.delete(number);
    },
    forget: () => strikes.clear(),
    waiting: (nowMs) => [...strikes].filter(([, { notBeforeMs }]) => notBeforeMs > nowMs).map(([number]) => number),
    isSuspect: (entry) => (strikes.get(entry.sequence)?.count ?? 0) >= aloneAt,
    count: () => strikes.size,
  };
}
