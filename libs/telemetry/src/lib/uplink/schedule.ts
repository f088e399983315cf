/**
 * Runs `callback` once after `delayMs`. @returns takes the call back; harmless when it has run.
 * Time comes in through this, so that a day passes in a simulation within a blink.
 */
export type Schedule = (delayMs: number, callback: () => void) => () => void;

/** The process's own timers. They do not keep the process alive. */
export const systemSchedule: Schedule = (delayMs, callback) => {
  const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
  timer.unref();
  return () => clearTimeout(timer);
};
