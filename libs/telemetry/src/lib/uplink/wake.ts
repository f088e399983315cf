import type { Clock } from '@edge-blueprints/contracts';
import type { Schedule } from './schedule.js';

export interface Wake {
  /** Runs after `delayMs`, or earlier when it was asked for earlier. */
  in(delayMs: number): void;
  cancel(): void;
}

/** One timer, however often it is asked for. */
export function createWake(clock: Clock, schedule: Schedule, run: () => void): Wake {
  let atMs = Infinity;
  let cancel: () => void = () => undefined;
  return {
    in(delayMs) {
      const wanted = clock.monotonicMs() + Math.max(0, delayMs);
      if (wanted >= atMs) return;
      cancel();
      atMs = wanted;
      cancel = schedule(Math.max(0, delayMs), () => {
        atMs = Infinity;
        run();
      });
    },
    cancel() {
      cancel();
      atMs = Infinity;
    },
  };
}
