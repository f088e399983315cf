import { UsageError } from '@edge-blueprints/contracts';
import type { SequentialDetector } from './sequential-detector.js';

export interface PageHinkleyOptions {
  /** Change of the mean that is tolerated, in the unit of the values. */
  readonly tolerance: number;
  /** Evidence that raises, in the unit of the values times samples. See `pageHinkleyThreshold`. */
  readonly threshold: number;
  /** Samples before the running mean is trusted. */
  readonly minimumSamples: number;
  /** 1 keeps all history; 0.9999 forgets over about 10,000 samples. */
  readonly forgetting: number;
  readonly direction: 'up' | 'down' | 'both';
}

/**
 * Page-Hinkley: a CUSUM against the running mean of what was seen since the last detection, for streams without a reference.
 * The mean is estimated as it goes, so the run length without a change is only near the one of the threshold; docs/drift.md has figures.
 * @see Page, E. S. (1954), Continuous inspection schemes, Biometrika 41, 100-115
 * @throws UsageError `drift.page-hinkley`
 */
export function createPageHinkley(options: PageHinkleyOptions): SequentialDetector {
  const { tolerance, threshold, minimumSamples, forgetting, direction } = options;
  if (!(tolerance >= 0 && threshold > 0 && minimumSamples >= 1 && forgetting > 0 && forgetting <= 1))
    throw new UsageError(
      'drift.page-hinkley',
      `Page-Hinkley needs tolerance >= 0, threshold > 0, minimumSamples >= 1, 0 < forgetting <= 1, got ${JSON.stringify(options)}.`,
    );
  let count = 0;
  let mean = 0;
  let rise = 0;
  let fall = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  let lowestAt = 0;
  let highestAt = 0;
  let samplesSinceChange = 0;
  const reset = (): void => {
    count = 0;
    mean = 0;
    rise = 0;
    fall = 0;
    lowest = Infinity;
    highest = -Infinity;
  };
  return {
    update(value) {
      count += 1;
      mean += (value - mean) / count;
      const deviation = value - mean;
      rise = forgetting * rise + deviation - tolerance;
      fall = forgetting * fall + deviation + tolerance;
      if (rise < lowest) {
        lowest = rise;
        lowestAt = count;
      }
      if (fall > highest) {
        highest = fall;
        highestAt = count;
      }
      if (count < minimumSamples) return false;
      const up = direction !== 'down' && rise - lowest > threshold;
      const down = direction !== 'up' && highest - fall > threshold;
      if (!up && !down) return false;
      samplesSinceChange = count - (up ? lowestAt : highestAt);
      reset();
      return true;
    },
    get samplesSinceChange() {
      return samplesSinceChange;
    },
    reset,
  };
}
