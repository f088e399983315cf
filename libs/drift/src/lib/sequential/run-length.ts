import { UsageError } from '@edge-blueprints/contracts';
import { normalCdf } from '../distributions/normal.js';
import { solveLinearSystem } from './linear-system.js';

/** A mean month: 365.2425 / 12 days. */
export const hoursPerMonth = 730.485;

/**
 * What the user's knob means in samples: the mean run from one false alarm to the next (ARL0).
 * @throws UsageError `drift.run-length`
 */
export function samplesBetweenFalseAlarms(falseAlarmsPerMonth: number, samplesPerHour: number): number {
  if (!(falseAlarmsPerMonth > 0 && samplesPerHour > 0))
    throw new UsageError(
      'drift.run-length',
      `False alarms per month and samples per hour must be above 0, got ${falseAlarmsPerMonth} and ${samplesPerHour}.`,
    );
  return (hoursPerMonth * samplesPerHour) / falseAlarmsPerMonth;
}

/**
 * Siegmund's approximation of the run length of a one-sided CUSUM of standard normal values while nothing changed:
 * (exp(2kb) - 1 - 2kb) / (2k^2), b = h + 1.166; for k = 0, b^2.
 * @see Siegmund, D. (1985), Sequential analysis, Springer
 */
export function siegmundRunLength(allowance: number, threshold: number): number {
  const b = threshold + 1.166;
  if (allowance === 0) return b * b;
  const exponent = 2 * allowance * b;
  return (Math.exp(exponent) - 1 - exponent) / (2 * allowance * allowance);
}

/**
 * Run length of a one-sided CUSUM from 0 of normal values with standard deviation 1: the integral equation
 * L(s) = 1 + L(0) P(s + x - k <= 0) + integral of L(y) f(y + k - s) over 0..h, solved on Gauss-Legendre nodes. The limit of
 * Brook and Evans' Markov chain for fine states.
 * @param shift mean of the values in standard deviations: 0 gives ARL0, above 0 the mean delay of detection
 * @see Brook, D., Evans, D. A. (1972), An approach to the probability distribution of CUSUM run length, Biometrika 59, 539-549
 */
export function cusumRunLength(allowance: number, threshold: number, shift = 0): number {
  const { nodes, weights } = gaussLegendre(Math.min(160, Math.max(24, Math.ceil(threshold * 6))));
  const states = nodes.length + 1;
  const a = new Float64Array(states * states);
  const b = new Float64Array(states).fill(1);
  const place = (index: number): number => (index === 0 ? 0 : ((nodes[index - 1] ?? 0) + 1) * (threshold / 2));
  for (let from = 0; from < states; from++) {
    const drift = allowance - shift - place(from);
    a[from * states] = -normalCdf(drift);
    for (let to = 1; to < states; to++) {
      const step = place(to) + drift;
      a[from * states + to] =
        ((-Math.exp((-step * step) / 2) / Math.sqrt(2 * Math.PI)) * (weights[to - 1] ?? 0) * threshold) / 2;
    }
    a[from * states + from] = (a[from * states + from] ?? 0) + 1;
  }
  return solveLinearSystem(a, b)[0] ?? NaN;
}

/**
 * The threshold h at which a CUSUM of standard normal values raises a false alarm once in `samples` on average. Starts from
 * Siegmund's formula, then halves the interval on the integral equation. Two sides have half the run length of one.
 * @param samples ARL0; 2 to 1e9
 * @throws UsageError `drift.run-length`
 */
export function cusumThreshold(allowance: number, samples: number, direction: 'up' | 'down' | 'both'): number {
  if (!(samples >= 2 && samples <= 1e9 && allowance > 0 && allowance <= 3))
    throw new UsageError(
      'drift.run-length',
      `A CUSUM threshold needs a run of 2 to 1e9 samples and an allowance above 0 and up to 3, got ${samples} and ${allowance}.`,
    );
  const wanted = Math.log(direction === 'both' ? 2 * samples : samples);
  let guess = 0.1;
  while (Math.log(siegmundRunLength(allowance, guess)) < wanted) guess += 0.1;
  let low = Math.max(1e-3, guess - 1);
  let high = guess + 1;
  while (low > 1e-3 && Math.log(cusumRunLength(allowance, low)) > wanted) low = Math.max(1e-3, low - 1);
  while (Math.log(cusumRunLength(allowance, high)) < wanted) high += 1;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (Math.log(cusumRunLength(allowance, middle)) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Threshold of Page-Hinkley in the unit of the values for a stream with standard deviation `std`: that of the CUSUM with the
 * allowance tolerance / std. Exact for a known mean; the running mean makes the first thousands of samples less sure.
 */
export function pageHinkleyThreshold(
  tolerance: number,
  std: number,
  samples: number,
  direction: 'up' | 'down' | 'both',
): number {
  return std * cusumThreshold(tolerance / std, samples, direction);
}

/**
 * ADWIN's delta bounds the chance of a false cut at one check, so the mean run between them is at least clock / delta. Far longer in
 * practice (docs/drift.md), by a factor that depends on the tails of the values, so that no shorter promise holds for all.
 */
export function adwinDelta(samples: number, clock: number): number {
  return Math.min(0.5, clock / samples);
}

/** Nodes and weights on -1..1, by Newton's method on the Legendre polynomial. */
function gaussLegendre(count: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let round = 0; round < 50; round++) {
      let p = 1;
      let before = 0;
      for (let degree = 1; degree <= count; degree++) {
        const next = ((2 * degree - 1) * x * p - (degree - 1) * before) / degree;
        before = p;
        p = next;
      }
      slope = (count * (x * p - before)) / (x * x - 1);
      const step = p / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[i] = -x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
