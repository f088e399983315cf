import { UsageError } from '@edge-blueprints/contracts';
import type { SequentialDetector } from './sequential-detector.js';

export interface CusumOptions {
  /** Mean and standard deviation while nothing has changed, known from a reference. */
  readonly mean: number;
  readonly std: number;
  /** Half of the shift to detect quickest, in standard deviations (k). */
  readonly allowance: number;
  /** In standard deviations (h). See `cusumThreshold`. */
  readonly threshold: number;
  readonly direction: 'up' | 'down' | 'both';
}

/**
 * Tabular CUSUM of the standardised value, one- or two-sided.
 * @see Montgomery, D. C., Introduction to statistical quality control, chapter on CUSUM
 * @throws UsageError `drift.cusum`
 */
export function createCusum(options: CusumOptions): SequentialDetector {
  const { mean, std, allowance, threshold, direction } = options;
  if (!(std > 0 && allowance >= 0 && threshold > 0 && Number.isFinite(mean)))
    throw new UsageError(
      'drift.cusum',
      `CUSUM needs a finite mean, std > 0, allowance >= 0 and threshold > 0, got ${JSON.stringify(options)}; a constant reference has no std.`,
    );
  let up = 0;
  let down = 0;
  let upRun = 0;
  let downRun = 0;
  let samplesSinceChange = 0;
  const reset = (): void => {
    up = 0;
    down = 0;
    upRun = 0;
    downRun = 0;
  };
  return {
    update(value) {
      const z = (value - mean) / std;
      up = Math.max(0, up + z - allowance);
      down = Math.max(0, down - z - allowance);
      upRun = up > 0 ? upRun + 1 : 0;
      downRun = down > 0 ? downRun + 1 : 0;
      const raisedUp = direction !== 'down' && up > threshold;
      const raisedDown = direction !== 'up' && down > threshold;
      if (!raisedUp && !raisedDown) return false;
      samplesSinceChange = raisedUp ? upRun : downRun;
      reset();
      return true;
    },
    get samplesSinceChange() {
      return samplesSinceChange;
    },
    reset,
  };
}
