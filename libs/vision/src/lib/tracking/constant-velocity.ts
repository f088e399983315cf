/**
 * Kalman filter of one coordinate that moves at constant velocity. Where all noises are diagonal, as in SORT and
 * ByteTrack, the joint filter falls apart into such filters exactly, one a coordinate, and no matrix is needed.
 *
 * A filter is five numbers of a `Float64Array` at `at`: position, velocity, and the variances pp, pv, vv. Time is counted
 * in steps of the frame period that the noises are stated for; n steps at once equal n single ones, for any n >= 1.
 */
export const axisNumbers = 5;

/** Position measured with variance `position`, velocity unknown with variance `velocity` (0: it never moves by itself). */
export function startAxis(state: Float64Array, at: number, measured: number, position: number, velocity: number): void {
  state[at] = measured;
  state[at + 1] = 0;
  state[at + 2] = position;
  state[at + 3] = 0;
  state[at + 4] = velocity;
}

/** @param positionNoise variance that a step adds to the position; @param velocityNoise to the velocity */
export function predictAxis(
  state: Float64Array,
  at: number,
  steps: number,
  positionNoise: number,
  velocityNoise: number,
): void {
  const pv = state[at + 3] ?? 0;
  const vv = state[at + 4] ?? 0;
  state[at] = (state[at] ?? 0) + steps * (state[at + 1] ?? 0);
  // Sums of the noise of each step, carried on by the steps after it; nothing is carried on within a part of one step.
  const carried = Math.max(0, (steps * (steps - 1)) / 2);
  const squares = Math.max(0, (steps * (steps - 1) * (2 * steps - 1)) / 6);
  state[at + 2] =
    (state[at + 2] ?? 0) + 2 * steps * pv + steps * steps * vv + steps * positionNoise + squares * velocityNoise;
  state[at + 3] = pv + steps * vv + carried * velocityNoise;
  state[at + 4] = vv + steps * velocityNoise;
}

export function updateAxis(state: Float64Array, at: number, measured: number, measurementNoise: number): void {
  const pp = state[at + 2] ?? 0;
  const pv = state[at + 3] ?? 0;
  const total = pp + measurementNoise;
  const gain = pp / total;
  const velocityGain = pv / total;
  const surprise = measured - (state[at] ?? 0);
  state[at] = (state[at] ?? 0) + gain * surprise;
  state[at + 1] = (state[at + 1] ?? 0) + velocityGain * surprise;
  state[at + 2] = (1 - gain) * pp;
  state[at + 3] = (1 - gain) * pv;
  state[at + 4] = (state[at + 4] ?? 0) - velocityGain * pv;
}
