import { UsageError } from '@edge-blueprints/contracts';
import { samplesBetweenFalseAlarms } from '../sequential/run-length.js';

/** However rare windows are, one that is this likely by chance is no alarm. */
const largestAlpha = 0.05;

/**
 * The level of one window of one feature that keeps the promise of the whole station: windows of W samples at level alpha raise
 * once in W / alpha samples, and the expected number of false alarms of several features is the sum of theirs, whether they
 * depend on each other or not.
 * @param samplesPerWindow parts that a window takes, thinning included
 * @throws UsageError `drift.run-length`, `drift.monitor`
 */
export function windowAlpha(options: {
  readonly falseAlarmsPerMonth: number;
  readonly partsPerHour: number;
  readonly features: number;
  readonly samplesPerWindow: number;
}): number {
  const { falseAlarmsPerMonth, partsPerHour, features, samplesPerWindow } = options;
  if (!(features >= 1 && samplesPerWindow >= 1))
    throw new UsageError(
      'drift.monitor',
      `A level needs at least one feature and a window of at least one part, got ${features} and ${samplesPerWindow}.`,
    );
  const run = samplesBetweenFalseAlarms(falseAlarmsPerMonth / features, partsPerHour);
  return Math.min(largestAlpha, samplesPerWindow / run);
}
