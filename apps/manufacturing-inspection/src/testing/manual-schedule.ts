import type { Schedule } from '../frame/part-join.js';

/** Time that moves only when a test says so. */
export function manualSchedule(startMs = 0) {
  let nowMs = startMs;
  let due: { readonly atMs: number; readonly run: () => void }[] = [];
  const schedule: Schedule = (delayMs, run) => {
    const entry = { atMs: nowMs + delayMs, run };
    due.push(entry);
    return () => {
      due = due.filter((other) => other !== entry);
    };
  };
  return {
    schedule,
    clock: { monotonicMs: () => nowMs, epochMs: () => 1_700_000_000_000 + nowMs },
    advance: (ms: number) => {
      const endMs = nowMs + ms;
      for (;;) {
        const next = due.filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        due = due.filter((entry) => entry !== next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = endMs;
    },
  };
}
