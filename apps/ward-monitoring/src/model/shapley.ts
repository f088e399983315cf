import { modelSignals, nothingKnown, windowFeatures, windowMeasures, type ModelSignal } from './features.js';
import type { RowModel } from './feature-rows.js';

/** Share of each signal in one output. They sum to `output - base`. */
export interface ShapleyExplanation {
  readonly output: number;
  /** What the model says of a patient of whom nothing was ever measured. */
  readonly base: number;
  readonly shares: Readonly<Record<ModelSignal, number>>;
}

const players = modelSignals.length;

/**
 * Rows for every coalition of signals: bit k of the row's number says whether signal k has its own features or those of nothing
 * known. 2^7 = 128 rows, the first the base and the last the window itself.
 */
export function coalitionRows(features: Float32Array, base = windowFeatures(nothingKnown)): readonly Float32Array[] {
  const width = windowMeasures.length;
  return Array.from({ length: 1 << players }, (_, coalition) => {
    const row = base.slice();
    for (let k = 0; k < players; k += 1)
      if ((coalition >> k) & 1) row.set(features.subarray(k * width, (k + 1) * width), k * width);
    return row;
  });
}

/**
 * Exact Shapley values of the signals (Shapley, A value for n-person games, 1953): each signal's mean effect over all orders of
 * joining, |S|! (n - |S| - 1)! / n! for each coalition S without it.
 * @param values the model's output for every row of `coalitionRows`
 */
export function shapleyOf(values: readonly number[]): ShapleyExplanation {
  const weight = Array.from(
    { length: players },
    (_, size) => (factorial(size) * factorial(players - size - 1)) / factorial(players),
  );
  const at = (coalition: number): number => values[coalition] ?? Number.NaN;
  const share = (k: number): number => {
    let total = 0;
    for (let coalition = 0; coalition < 1 << players; coalition += 1) {
      if ((coalition >> k) & 1) continue;
      total += (weight[ones(coalition)] ?? Number.NaN) * (at(coalition | (1 << k)) - at(coalition));
    }
    return total;
  };
  return {
    output: at((1 << players) - 1),
    base: at(0),
    shares: {
      pulse: share(0),
      oxygenSaturation: share(1),
      respiration: share(2),
      temperature: share(3),
      systolic: share(4),
      notAlert: share(5),
      oxygen: share(6),
    },
  };
}

export async function explainByShapley(
  model: RowModel,
  features: Float32Array,
  label: number,
  signal?: AbortSignal,
): Promise<ShapleyExplanation> {
  const outputs = await model.probabilities(coalitionRows(features), signal);
  return shapleyOf(outputs.map((row) => row[label] ?? Number.NaN));
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
const ones = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + ones(bits >> 1));
