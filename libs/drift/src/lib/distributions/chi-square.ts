import { UsageError } from '@edge-blueprints/contracts';
import { incompleteGamma } from './gamma.js';
import { invertDecreasing } from './invert.js';

/** P(X > x) of the chi-square distribution with `degrees` of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper;
}

/** P(X <= x) of the chi-square distribution. */
export function chiSquareCdf(x: number, degrees: number): number {
  return x <= 0 ? 0 : incompleteGamma(degrees / 2, x / 2).lower;
}

/**
 * x with P(X > x) = alpha.
 * @throws UsageError `drift.domain` unless 0 < alpha < 1
 */
export function chiSquareThreshold(alpha: number, degrees: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new UsageError('drift.domain', `alpha must be in (0, 1), got ${alpha}.`);
  let high = degrees + 10;
  while (chiSquareTail(high, degrees) > alpha) high *= 2;
  return invertDecreasing((x) => chiSquareTail(x, degrees), alpha, 0, high);
}
