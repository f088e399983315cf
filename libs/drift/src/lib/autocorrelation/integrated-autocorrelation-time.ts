import { UsageError } from '@edge-blueprints/contracts';

export interface AutocorrelationTime {
  /** Integrated autocorrelation time in samples, at least 1: that many samples carry the information of one independent one. */
  readonly samples: number;
  /** Standard error of `samples`, by Sokal's formula. */
  readonly standardError: number;
  /** The lag at which the sum was cut. */
  readonly window: number;
}

/**
 * tau = 1 + 2 sum rho(k), cut by the initial monotone positive sequence: sums of two neighbouring autocorrelations are
 * added while they are positive, and never let rise. Values in the order of time. At most a tenth of the series is used as lag.
 * @see Geyer, C. J. (1992), Practical Markov chain Monte Carlo, Statistical Science 7, 473-483
 * @see Sokal, A. (1997), Monte Carlo methods in statistical mechanics (standard error)
 * @throws UsageError `drift.autocorrelation` for fewer than 20 values or one that is not finite
 */
export function integratedAutocorrelationTime(values: ArrayLike<number>): AutocorrelationTime {
  const n = values.length;
  if (n < 20)
    throw new UsageError(
      'drift.autocorrelation',
      `Autocorrelation needs at least 20 values in the order of time, got ${n}; collect a longer reference.`,
    );
  const centred = centre(values);
  const variance = autocovariance(centred, 0);
  if (variance === 0) return { samples: 1, standardError: 0, window: 0 };
  const maximumLag = Math.max(2, Math.floor(n / 10));
  let tau = -1;
  let previous = Infinity;
  let lag = 0;
  for (; lag + 1 <= maximumLag; lag += 2) {
    const pair = (autocovariance(centred, lag) + autocovariance(centred, lag + 1)) / variance;
    if (pair <= 0) break;
    previous = Math.min(previous, pair);
    tau += 2 * previous;
  }
  const samples = Math.max(1, tau);
  return { samples, standardError: samples * Math.sqrt((2 * (2 * lag + 1)) / n), window: lag };
}

function centre(values: ArrayLike<number>): Float64Array {
  const centred = Float64Array.from(values);
  let sum = 0;
  for (const [index, value] of centred.entries()) {
    if (!Number.isFinite(value))
      throw new UsageError(
        'drift.autocorrelation',
        `Autocorrelation needs finite values, got ${value} at index ${index}; leave such samples out first.`,
      );
    sum += value;
  }
  const mean = sum / centred.length;
  return centred.map((value) => value - mean);
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = centred.length - lag - 1; i >= 0; i--) sum += (centred[i] ?? 0) * (centred[i + lag] ?? 0);
  return sum / centred.length;
}
