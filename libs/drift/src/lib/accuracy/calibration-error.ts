import { UsageError } from '@edge-blueprints/contracts';
import { normalTail } from '../distributions/normal.js';

/** A score and what turned out to be true. */
export interface ScoredTruth {
  /** Probability that the part is bad. */
  readonly score: number;
  readonly bad: boolean;
}

export interface CalibrationFigures {
  readonly samples: number;
  /** Expected calibration error: mean distance of score and share of bad parts over equally wide bins. Biased upwards for few samples. */
  readonly expectedCalibrationError: number;
  /** Mean squared distance of score and truth. */
  readonly brier: number;
  /** Spiegelhalter's z: standard normal for calibrated scores, whatever their distribution. */
  readonly z: number;
  readonly pValue: number;
}

/**
 * @see Naeini et al. (2015) (ECE); Spiegelhalter, D. J. (1986), Probabilistic prediction in patient management, Statistics in Medicine 5, 421-433
 * @returns null for no samples
 * @throws UsageError `drift.score` for a score outside of 0 to 1
 */
export function calibrationFigures(samples: readonly ScoredTruth[], bins = 10): CalibrationFigures | null {
  if (samples.length === 0) return null;
  const scoreSums = new Float64Array(bins);
  const badSums = new Float64Array(bins);
  let brier = 0;
  let excess = 0;
  let variance = 0;
  for (const { score, bad } of samples) {
    if (!(score >= 0 && score <= 1))
      throw new UsageError('drift.score', `A calibrated score lies between 0 and 1, got ${score}.`);
    const truth = bad ? 1 : 0;
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    scoreSums[bin] = (scoreSums[bin] ?? 0) + score;
    badSums[bin] = (badSums[bin] ?? 0) + truth;
    brier += (score - truth) ** 2;
    excess += (truth - score) * (1 - 2 * score);
    variance += (1 - 2 * score) ** 2 * score * (1 - score);
  }
  const distance = scoreSums.reduce((sum, scores, i) => sum + Math.abs(scores - (badSums[i] ?? 0)), 0);
  const z = variance > 0 ? excess / Math.sqrt(variance) : excess === 0 ? 0 : Math.sign(excess) * Infinity;
  return {
    samples: samples.length,
    expectedCalibrationError: distance / samples.length,
    brier: brier / samples.length,
    z,
    pValue: Math.min(1, 2 * normalTail(Math.abs(z))),
  };
}
