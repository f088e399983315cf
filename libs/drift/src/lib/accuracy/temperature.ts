import type { ScoredTruth } from './calibration-error.js';
import { UsageError } from '@edge-blueprints/contracts';

/** Keeps scores of exactly 0 or 1 finite as logits. */
const edge = 1e-12;

/** The score that a model with this temperature would have given: sigmoid(logit(score) / temperature). */
export function applyTemperature(score: number, temperature: number): number {
  return 1 / (1 + Math.exp(-logit(score) / temperature));
}

/**
 * The temperature that makes the labelled scores likeliest, 0.05 to 20. The loss is convex in 1 / temperature: golden section.
 * @see Guo, C. et al. (2017), On calibration of modern neural networks, ICML, arXiv 1706.04599
 * @throws UsageError `drift.calibration` without both good and bad samples
 */
export function fitTemperature(samples: readonly ScoredTruth[]): number {
  const bad = samples.filter((sample) => sample.bad).length;
  if (bad === 0 || bad === samples.length)
    throw new UsageError(
      'drift.calibration',
      `Calibration needs good and bad samples, got ${bad} bad of ${samples.length}; label more parts.`,
    );
  const signed = Float64Array.from(samples, ({ score, bad: isBad }) => (isBad ? logit(score) : -logit(score)));
  const loss = (inverse: number): number => {
    let sum = 0;
    for (let i = 0; i < signed.length; i++) sum += softplus(-(signed[i] ?? 0) * inverse);
    return sum;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = 1 / 20;
  let high = 20;
  while (high - low > 1e-10) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return 2 / (low + high);
}

function logit(score: number): number {
  const p = Math.min(1 - edge, Math.max(edge, score));
  return Math.log(p / (1 - p));
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
