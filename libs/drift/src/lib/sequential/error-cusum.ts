import { errorCusumSteps } from './error-run-length.js';
import type { SequentialDetector } from './sequential-detector.js';

export interface ErrorCusumOptions {
  /** Share of errors while nothing has changed. */
  readonly rate: number;
  /** Rise of that share to find quickest. */
  readonly rise: number;
  /** Mean run to a false alarm at that rate (ARL0). See `samplesBetweenFalseAlarms`. */
  readonly samplesBetweenFalseAlarms: number;
}

/**
 * One-sided CUSUM of errors, 1 for an error and 0 for none, with the run length solved for the two values it can take: the
 * threshold for normal values raises up to seven times too often on errors.
 * @throws UsageError `drift.run-length`
 */
export function createErrorCusum(options: ErrorCusumOptions): SequentialDetector {
  const { up, down, limit } = errorCusumSteps(options.rate, options.rise, options.samplesBetweenFalseAlarms);
  let sum = 0;
  let run = 0;
  let samplesSinceChange = 0;
  const reset = (): void => {
    sum = 0;
    run = 0;
  };
  return {
    update(value) {
      sum = Math.max(0, sum + (value > 0.5 ? up : -down));
      run = sum > 0 ? run + 1 : 0;
      if (sum < limit) return false;
      samplesSinceChange = run;
      reset();
      return true;
    },
    get samplesSinceChange() {
      return samplesSinceChange;
    },
    reset,
  };
}
