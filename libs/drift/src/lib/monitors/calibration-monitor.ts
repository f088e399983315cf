import { UsageError } from '@edge-blueprints/contracts';
import { calibrationFigures, type CalibrationFigures, type ScoredTruth } from '../accuracy/calibration-error.js';

export interface CalibrationMonitorOptions {
  /** Labelled parts that are tested together. */
  readonly windowLabels: number;
  /** Per window. */
  readonly alpha: number;
  /** Expected calibration error from which it matters. A few hundred labels have 0.05 by chance alone. */
  readonly minimumError: number;
}

export interface CalibrationResult extends CalibrationFigures {
  /** p below alpha and an error of at least the least one: scores no longer say how often the model is right. */
  readonly drifting: boolean;
}

/**
 * Watches whether scores still mean what they say, on labelled parts: Spiegelhalter's test and the expected calibration error. Only as representative as
 * the labels: give it a plain random sample, or one stratum.
 * @throws UsageError `drift.monitor`
 */
export function createCalibrationMonitor(options: CalibrationMonitorOptions): {
  /** @returns the result of the window that this label completes */
  record(label: ScoredTruth): CalibrationResult | undefined;
  readonly latest: CalibrationResult | null;
} {
  const { windowLabels, alpha, minimumError } = options;
  if (!(Number.isInteger(windowLabels) && windowLabels >= 20 && alpha > 0 && alpha < 1 && minimumError >= 0))
    throw new UsageError(
      'drift.monitor',
      `Calibration monitor: a window of at least 20 labels, 0 < alpha < 1 and a least error of 0 or more were expected, got ${JSON.stringify(options)}.`,
    );
  const window: ScoredTruth[] = [];
  let latest: CalibrationResult | null = null;
  return {
    record(label) {
      window.push(label);
      if (window.length < windowLabels) return undefined;
      const figures = calibrationFigures(window);
      window.length = 0;
      if (figures === null) return undefined;
      latest = { ...figures, drifting: figures.pValue < alpha && figures.expectedCalibrationError >= minimumError };
      return latest;
    },
    get latest() {
      return latest;
    },
  };
}
