import type { Samples } from './histogram.js';

export interface MomentsSnapshot {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
}

/** Mean and variance of a stream (Welford 1962); merged by the formula of Chan, Golub and LeVeque (1979). */
export interface Moments {
  /** NaN and infinities are counted in `refused()` and change nothing else. */
  add(value: number): void;
  addAll(values: Samples): void;
  merge(other: MomentsSnapshot): void;
  count(): number;
  refused(): number;
  /** NaN while empty. */
  mean(): number;
  /** Of the sample, divided by n - 1; NaN below two values. */
  variance(): number;
  snapshot(): MomentsSnapshot;
  reset(): void;
}

export function createMoments(): Moments {
  // A typed array: a number in a closure variable would be boxed anew at each change.
  const state = new Float64Array(6);
  const [N, MEAN, M2, MIN, MAX, REFUSED] = [0, 1, 2, 3, 4, 5] as const;
  const reset = (): void => {
    state.fill(0);
    state[MIN] = Infinity;
    state[MAX] = -Infinity;
  };
  reset();
  const add = (value: number): void => {
    if (!(value - value === 0)) {
      state[REFUSED] = (state[REFUSED] ?? 0) + 1;
      return;
    }
    const n = (state[N] ?? 0) + 1;
    const before = value - (state[MEAN] ?? 0);
    const mean = (state[MEAN] ?? 0) + before / n;
    state[N] = n;
    state[MEAN] = mean;
    state[M2] = (state[M2] ?? 0) + before * (value - mean);
    if (value < (state[MIN] ?? 0)) state[MIN] = value;
    if (value > (state[MAX] ?? 0)) state[MAX] = value;
  };
  const snapshot = (): MomentsSnapshot => ({
    n: state[N] ?? 0,
    mean: state[MEAN] ?? 0,
    m2: state[M2] ?? 0,
    min: state[MIN] ?? 0,
    max: state[MAX] ?? 0,
  });
  return {
    add,
    addAll(values) {
      for (let i = 0; i < values.length; i++) add(values[i] ?? 0);
    },
    merge(other) {
      const own = snapshot();
      const n = own.n + other.n;
      if (other.n === 0) return;
      const apart = other.mean - own.mean;
      state[N] = n;
      state[MEAN] = own.mean + (apart * other.n) / n;
      state[M2] = own.m2 + other.m2 + apart * apart * ((own.n * other.n) / n);
      state[MIN] = Math.min(own.min, other.min);
      state[MAX] = Math.max(own.max, other.max);
    },
    count: () => state[N] ?? 0,
    refused: () => state[REFUSED] ?? 0,
    mean: () => ((state[N] ?? 0) > 0 ? (state[MEAN] ?? 0) : Number.NaN),
    variance: () => ((state[N] ?? 0) > 1 ? (state[M2] ?? 0) / ((state[N] ?? 0) - 1) : Number.NaN),
    snapshot,
    reset,
  };
}
