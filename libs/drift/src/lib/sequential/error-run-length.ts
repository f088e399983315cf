import { UsageError } from '@edge-blueprints/contracts';

/** Errors are counted in steps of 1/40: fine enough for a reference value, few enough states to solve. */
const stepsPerError = 40;
const largestLimit = 20_000;

/** A CUSUM of errors on whole steps: an error adds `up`, a right answer takes `down` away, alarm at `limit`. */
export interface ErrorCusumSteps {
  readonly up: number;
  readonly down: number;
  readonly limit: number;
}

/**
 * Run length of a CUSUM of errors from 0, exactly: the Markov chain of its steps (Brook and Evans) by elimination within the band.
 * @param rate of errors
 */
export function errorRunLength(rate: number, { up, down, limit }: ErrorCusumSteps): number {
  const width = up + down + 1;
  const band = new Float64Array(limit * width);
  const right = new Float64Array(limit).fill(1);
  const add = (row: number, column: number, value: number): void => {
    const at = row * width + column - row + down;
    band[at] = (band[at] ?? 0) + value;
  };
  for (let state = 0; state < limit; state++) {
    add(state, state, 1);
    if (state + up < limit) add(state, state + up, -rate);
    add(state, Math.max(0, state - down), rate - 1);
  }
  // Diagonally dominant by columns of an absorbing chain: no pivots needed.
  for (let row = 0; row < limit; row++) {
    const diagonal = band[row * width + down] ?? 1;
    for (let below = row + 1; below <= Math.min(limit - 1, row + down); below++) {
      const factor = (band[below * width + row - below + down] ?? 0) / diagonal;
      if (factor === 0) continue;
      for (let k = 0; k <= up; k++) {
        const at = below * width + row + k - below + down;
        band[at] = (band[at] ?? 0) - factor * (band[row * width + down + k] ?? 0);
      }
      right[below] = (right[below] ?? 0) - factor * (right[row] ?? 0);
    }
  }
  for (let row = limit - 1; row >= 0; row--) {
    let sum = right[row] ?? 0;
    for (let k = 1; k <= up && row + k < limit; k++) sum -= (band[row * width + down + k] ?? 0) * (right[row + k] ?? 0);
    right[row] = sum / (band[row * width + down] ?? 1);
  }
  return right[0] ?? Number.NaN;
}

/**
 * Steps and limit of a CUSUM that finds a rise of the error rate quickest and, without one, raises at most once in `samples`.
 * The reference value is that of the likelihood ratio of both rates, to the next 1/40.
 * @see Reynolds, M. R., Stoumbos, Z. G. (1999), A CUSUM chart for monitoring a proportion when inspecting continuously, JQT 31, 87-108
 * @throws UsageError `drift.run-length`
 */
export function errorCusumSteps(rate: number, rise: number, samples: number): ErrorCusumSteps {
  const risen = rate + rise;
  if (!(rate > 0 && rise > 0 && risen < 1 && samples >= 2 && samples <= 1e9))
    throw new UsageError(
      'drift.run-length',
      `A CUSUM of errors needs 0 < rate, a rise above 0, both together below 1, and a run of 2 to 1e9, got ${rate}, ${rise}, ${samples}.`,
    );
  const still = Math.log((1 - rate) / (1 - risen));
  const reference = still / (still + Math.log(risen / rate));
  const down = Math.min(stepsPerError - 1, Math.max(1, Math.round(reference * stepsPerError)));
  const steps = { up: stepsPerError - down, down };
  let low = 1;
  let high = 2 * stepsPerError;
  while (errorRunLength(rate, { ...steps, limit: high }) < samples) {
    low = high;
    high *= 2;
    if (high > largestLimit)
      throw new UsageError(
        'drift.run-length',
        `No limit gives ${samples} samples between false alarms at an error rate of ${rate} and a rise of ${rise}; ask for a larger rise.`,
      );
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (errorRunLength(rate, { ...steps, limit: middle }) < samples) low = middle;
    else high = middle;
  }
  return { ...steps, limit: high };
}
