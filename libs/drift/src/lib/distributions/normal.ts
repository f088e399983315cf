import { UsageError } from '@edge-blueprints/contracts';
import { incompleteGamma } from './gamma.js';

/** P(Z > z) of the standard normal, accurate in the upper tail; erfc through the incomplete gamma. */
export function normalTail(z: number): number {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z > 0 ? upper / 2 : 0.5 + lower / 2;
}

/** P(Z <= z) of the standard normal. */
export function normalCdf(z: number): number {
  return normalTail(-z);
}

/**
 * z with P(Z <= z) = p, 0 < p < 1. Start of Abramowitz and Stegun 26.2.23, then Halley steps.
 * @throws UsageError `drift.domain` for p outside (0, 1)
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new UsageError('drift.domain', `A probability in (0, 1) was expected, got ${p}.`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 4; i++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const step = (normalTail(z) - tail) / density;
    z += step / (1 + (z * step) / 2);
  }
  return p < 0.5 ? -z : z;
}
