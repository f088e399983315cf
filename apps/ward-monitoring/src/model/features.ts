/**
 * What the model sees of one patient: hourly medians of minute means over the last twelve hours, then eight measures a signal.
 * Hourly medians make a chart with one value an hour and a sensor with 3,600 alike. The training has the same definition in Python
 * (`models/workshop/vitals/features.py`); `models/vitals-anomaly/feature-vectors.json` holds the two equal.
 */

/** In the order of the model's input. `notAlert` is 0 for A and 1 for C, V, P, U; `oxygen` 0 for air and 1 for oxygen. */
export const modelSignals = [
  'pulse',
  'oxygenSaturation',
  'respiration',
  'temperature',
  'systolic',
  'notAlert',
  'oxygen',
] as const;
export type ModelSignal = (typeof modelSignals)[number];

/** Slope in units per hour, variability the mean step between known hours, missing a share of the window, age in hours. */
export const windowMeasures = ['last', 'mean', 'min', 'max', 'slope', 'variability', 'missing', 'age'] as const;

export const windowHours = 12;
const minuteMs = 60_000;

/** /min, %, /min, degrees Celsius, mmHg. Both ends are possible; `neutral` stands where nothing is known and in explanations. */
export const signalRange: Readonly<
  Record<ModelSignal, { readonly low: number; readonly high: number; readonly neutral: number }>
> = {
  pulse: { low: 0, high: 300, neutral: 75 },
  oxygenSaturation: { low: 50, high: 100, neutral: 98 },
  respiration: { low: 0, high: 80, neutral: 16 },
  temperature: { low: 25, high: 45, neutral: 37 },
  systolic: { low: 30, high: 300, neutral: 120 },
  notAlert: { low: 0, high: 1, neutral: 0 },
  oxygen: { low: 0, high: 1, neutral: 0 },
};

/** Names of the input's columns: `pulse.last`, `pulse.mean` ... `oxygen.age`. */
export const featureNames: readonly string[] = modelSignals.flatMap((signal) =>
  windowMeasures.map((measure) => `${signal}.${measure}`),
);

/** Median of each hour before now, newest first; null where nothing was measured. */
export type HourlyValues = readonly (number | null)[];
export type PatientWindow = Readonly<Record<ModelSignal, HourlyValues>>;

/** `minute` counts from any fixed start of the journal's clock; `value` is the mean of that minute's plausible samples. */
export interface MinuteMean {
  readonly minute: number;
  readonly value: number;
}

export const minuteOf = (atMs: number): number => Math.floor(atMs / minuteMs);

/** @param means in any order; those after `nowMinute` and older than the window are left out */
export function hourlyMedians(means: Iterable<MinuteMean>, nowMinute: number): HourlyValues {
  const hours: number[][] = Array.from({ length: windowHours }, () => []);
  for (const { minute, value } of means) {
    const age = nowMinute - minute;
    if (age >= 0) hours[Math.floor(age / 60)]?.push(value);
  }
  return hours.map(median);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) return null;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

/** The measures of one signal in the order of `windowMeasures`. */
export function signalFeatures(hours: HourlyValues, neutral: number): readonly number[] {
  const known = hours.flatMap((value, age) => (value === null ? [] : [{ at: -age, value }])).reverse();
  const missing = 1 - known.length / windowHours;
  const newest = known.at(-1);
  if (newest === undefined) return [neutral, neutral, neutral, neutral, 0, 0, missing, windowHours];
  const values = known.map(({ value }) => value);
  const mean = sum(values) / values.length;
  const spread = { min: Math.min(...values), max: Math.max(...values) };
  const age = Math.abs(newest.at);
  if (known.length === 1) return [newest.value, mean, spread.min, spread.max, 0, 0, missing, age];
  const middle = sum(known.map(({ at }) => at)) / known.length;
  const slope =
    sum(known.map(({ at, value }) => (at - middle) * (value - mean))) / sum(known.map(({ at }) => (at - middle) ** 2));
  const steps = known.slice(1).map(({ value }, before) => Math.abs(value - (known[before]?.value ?? value)));
  return [newest.value, mean, spread.min, spread.max, slope, sum(steps) / steps.length, missing, age];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One row of the model's input, in the order of `featureNames`. */
export function windowFeatures(window: PatientWindow): Float32Array {
  return Float32Array.from(
    modelSignals.flatMap((signal) => signalFeatures(window[signal], signalRange[signal].neutral)),
  );
}

/** A patient of whom nothing was ever measured: what the model says of nobody in particular. */
export const nothingKnown: PatientWindow = {
  pulse: unknownHours(),
  oxygenSaturation: unknownHours(),
  respiration: unknownHours(),
  temperature: unknownHours(),
  systolic: unknownHours(),
  notAlert: unknownHours(),
  oxygen: unknownHours(),
};

function unknownHours(): HourlyValues {
  return Array.from({ length: windowHours }, () => null);
}
