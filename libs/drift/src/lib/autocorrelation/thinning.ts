import { UsageError } from '@edge-blueprints/contracts';
import type { AutocorrelationTime } from './integrated-autocorrelation-time.js';

/**
 * How many samples to move on between two that are kept, so that tests for independent samples hold their level.
 * Three autocorrelation times: for an AR(1) process with rho = 0.9 (tau = 19) the kept samples correlate by 0.9^57 = 0.002; at one
 * tau it would be 0.14, and a test at 5 % would still fire at 8 %. A tau that cannot be told from 1 (three standard errors) gives 1.
 */
export function thinningStride({
  samples,
  standardError,
}: Pick<AutocorrelationTime, 'samples' | 'standardError'>): number {
  return samples <= 1 + 3 * standardError ? 1 : Math.ceil(3 * samples);
}

/** Every `stride`-th value, from the first. @throws UsageError `drift.stride` */
export function thin(values: ArrayLike<number>, stride: number): Float64Array {
  if (!Number.isInteger(stride) || stride < 1)
    throw new UsageError('drift.stride', `A stride is a whole number of at least 1, got ${stride}.`);
  const kept = new Float64Array(Math.ceil(values.length / stride));
  for (let i = 0; i < kept.length; i++) kept[i] = values[i * stride] ?? 0;
  return kept;
}
