/**
 * Time comes in from outside. `monotonicMs` counts milliseconds on the machine's monotonic clock, which all processes of
 * one machine share (CLOCK_MONOTONIC); it never jumps and has no date. `epochMs` is the wall clock, which may jump.
 */
export interface Clock {
  monotonicMs(): number;
  epochMs(): number;
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  epochMs: () => Date.now(),
};
