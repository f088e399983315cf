import type { DriftAlarm, DriftFeature } from '@edge-blueprints/contracts';

/** What one window of one feature showed. */
export interface WindowResult {
  readonly feature: DriftFeature;
  /** Raised or cleared by this window, else null. */
  readonly alarm: DriftAlarm | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A watched feature behind its own kind of sample. */
export interface WindowMonitor {
  readonly feature: string;
  /** True when a window is complete; `evaluate` then has something to do. */
  readonly due: boolean;
  /** Of the last window, or warming up before the first. */
  readonly latest: DriftFeature;
  /** Windows that came and went before they were evaluated. */
  readonly windowsMissed: number;
  /** Tests the newest complete window. Takes milliseconds: call it off the path. */
  evaluate(): WindowResult | undefined;
}

/** Level and gate of a monitor: an alarm needs p below `alpha` and an effect of at least `minimumEffect`. */
export interface WindowMonitorOptions {
  readonly windowSamples: number;
  /** Per window. See `windowAlpha`. */
  readonly alpha: number;
  readonly minimumEffect: number;
}
