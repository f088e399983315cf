import { UsageError } from '@edge-blueprints/contracts';

export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson score interval of a proportion, 95 % two-sided. No trials give the honest answer: share 0, bounds 0 and 1.
 * @see Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212
 */
export function wilsonInterval(successes: number, trials: number): Share {
  if (successes < 0 || successes > trials) {
    throw new UsageError(
      'pipeline.wilson',
      `Successes must lie between 0 and the trials, got ${successes} of ${trials}.`,
    );
  }
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const z = 1.959963984540054;
  const p = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return { share: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
