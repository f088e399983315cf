import type { Clock } from '@edge-blueprints/contracts';
import type { Schedule } from '../schedule.js';

export interface VirtualTime {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Runs everything that is due within the next `ms`, in order, and what follows from it. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps; the monotonic one does not. */
  stepWallClock(ms: number): void;
  readonly timers: () => number;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/**
 * Clocks and timers of a simulation: a day passes as fast as its events can be computed.
 * @param grainMs timers are rounded up to this; all of one instant run before what follows from them is awaited
 */
export function createVirtualTime(options: { readonly epochMs: number; readonly grainMs?: number }): VirtualTime {
  const grainMs = options.grainMs ?? 1;
  const heap: Timer[] = [];
  let nowMs = 0;
  let wallOffsetMs = options.epochMs;
  let order = 0;
  const before = (a: Timer, b: Timer): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  const push = (timer: Timer): void => {
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(timer, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = timer;
  };
  const pop = (): Timer | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) child += 1;
      const smaller = heap[child];
      if (smaller === undefined || !before(smaller, last)) break;
      heap[i] = smaller;
      i = child;
    }
    heap[i] = last;
    return first;
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    clock: { monotonicMs: () => nowMs, epochMs: () => nowMs + wallOffsetMs },
    schedule(delayMs, callback) {
      const due = nowMs + Math.max(0, delayMs);
      const timer: Timer = { atMs: Math.ceil(due / grainMs) * grainMs, order: (order += 1), callback };
      push(timer);
      return () => (timer.callback = undefined);
    },
    async advance(ms) {
      const until = nowMs + ms;
      await settle();
      for (let next = heap[0]; next !== undefined && next.atMs <= until; next = heap[0]) {
        const { atMs } = next;
        nowMs = Math.max(nowMs, atMs);
        let ran = false;
        while (heap[0]?.atMs === atMs) {
          const callback = pop()?.callback;
          callback?.();
          ran ||= callback !== undefined;
        }
        if (ran) await settle();
      }
      nowMs = until;
    },
    stepWallClock: (ms) => void (wallOffsetMs += ms),
    timers: () => heap.filter(({ callback }) => callback !== undefined).length,
  };
}
