import { UsageError } from '@edge-blueprints/contracts';

/** A drawn part whose truth a person has given. */
export interface LabelledPart {
  readonly verdict: 'pass' | 'reject';
  readonly truth: 'good' | 'bad';
  /** As logged when it was drawn. */
  readonly inclusionProbability: number;
}

/** A share from 0 to 1 with its 95 % interval. */
export interface ShareEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface LabelAccuracy {
  readonly kind: 'measured';
  readonly labelled: number;
  /** (sum w)^2 / sum w^2: what the labels are worth beside as many from a plain random sample. */
  readonly effectiveLabels: number;
  /** Null without a label that bears on it. */
  readonly accuracy: ShareEstimate | null;
  /** Bad parts that were passed, of all bad parts. */
  readonly escapeShare: ShareEstimate | null;
  /** Good parts that were rejected, of all good parts. */
  readonly falseRejectShare: ShareEstimate | null;
}

/**
 * Accuracy of all parts from those that were drawn and labelled: Hajek's ratio of Horvitz-Thompson sums, weights 1 / probability.
 * Interval: Wilson's for the number of plain labels that has the same variance (linearised, without the finite-population factor,
 * since the process is meant and not the parts of the day). The variance is taken around Wilson's centre, so that a run
 * without an error still has an honest width.
 * @see Hajek, J. (1971); Saerndal, Swensson, Wretman (1992), Model assisted survey sampling, 5.7
 * @throws UsageError `drift.labels` for a probability outside of (0, 1]
 */
export function estimateAccuracy(labels: readonly LabelledPart[]): LabelAccuracy {
  const wrong = labels.filter(({ inclusionProbability: p }) => !(p > 0 && p <= 1));
  if (wrong.length > 0)
    throw new UsageError(
      'drift.labels',
      `${wrong.length} of ${labels.length} labels have an inclusion probability outside of (0, 1], the first ${wrong[0]?.inclusionProbability}.`,
    );
  const bad = labels.filter(({ truth }) => truth === 'bad');
  const good = labels.filter(({ truth }) => truth === 'good');
  const sum = labels.reduce((total, { inclusionProbability: p }) => total + 1 / p, 0);
  const squares = labels.reduce((total, { inclusionProbability: p }) => total + 1 / (p * p), 0);
  return {
    kind: 'measured',
    labelled: labels.length,
    effectiveLabels: labels.length === 0 ? 0 : (sum * sum) / squares,
    accuracy: weightedShare(labels, ({ verdict, truth }) => (verdict === 'pass') === (truth === 'good')),
    escapeShare: weightedShare(bad, ({ verdict }) => verdict === 'pass'),
    falseRejectShare: weightedShare(good, ({ verdict }) => verdict === 'reject'),
  };
}

const z = 1.959963984540054;

function weightedShare(parts: readonly LabelledPart[], holds: (part: LabelledPart) => boolean): ShareEstimate | null {
  if (parts.length === 0) return null;
  let weight = 0;
  let squares = 0;
  let held = 0;
  for (const part of parts) {
    const w = 1 / part.inclusionProbability;
    weight += w;
    squares += w * w;
    if (holds(part)) held += w;
  }
  const value = held / weight;
  const kish = (weight * weight) / squares;
  const centre = (value * kish + (z * z) / 2) / (kish + z * z);
  let variance = 0;
  for (const part of parts) {
    const residual = (holds(part) ? 1 : 0) - centre;
    variance += (residual / part.inclusionProbability) ** 2;
  }
  variance /= weight * weight;
  const worth = Math.min(parts.length, (centre * (1 - centre)) / variance);
  return wilson(value, worth);
}

/** Wilson's score interval for a number of trials that need not be whole. */
function wilson(value: number, trials: number): ShareEstimate {
  const scale = 1 + (z * z) / trials;
  const centre = (value + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  // At 0 and at 1 the bound is the value itself, but for rounding.
  return { value, low: Math.min(value, Math.max(0, centre - half)), high: Math.max(value, Math.min(1, centre + half)) };
}
