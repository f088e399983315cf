/** Run times of one model, ms. A percentile that the count cannot support is null (p99 needs 662 runs, p95 132). */
export interface RunTimes {
  readonly name: string;
  readonly runs: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** This model over the reference; below 1 is faster. */
  readonly ratio: { readonly min: number; readonly median: number };
}

export interface TimedModel {
  readonly name: string;
  run(): Promise<unknown>;
}

/**
 * Runs the models in turns, one run of each a round, so that all meet the same machine. The order turns by one from round to
 * round and reverses every time it has gone through, so that no model always runs behind the same other one.
 * @param nowMs monotonic clock
 * @param rest called before every run, to give the gap that a camera leaves
 */
export async function timeInTurns(
  models: readonly TimedModel[],
  options: {
    readonly rounds: number;
    readonly warmUp: number;
    readonly reference: string;
    readonly nowMs: () => number;
    readonly rest: () => Promise<void>;
    readonly onRound?: (round: number) => void;
  },
): Promise<readonly RunTimes[]> {
  const times = models.map((): number[] => []);
  for (let round = -options.warmUp; round < options.rounds; round++) {
    for (const at of turnOrder(models.length, round + options.warmUp)) {
      await options.rest();
      const startedMs = options.nowMs();
      await models[at]?.run();
      if (round >= 0) times[at]?.push(options.nowMs() - startedMs);
    }
    if (round >= 0) options.onRound?.(round + 1);
  }
  const sorted = times.map((each) => [...each].sort((a, b) => a - b));
  const referenceTimes = sorted[models.findIndex(({ name }) => name === options.reference)] ?? [];
  return models.map(({ name }, i) => summary(name, sorted[i] ?? [], referenceTimes));
}

/** Positions 0..count-1 in the order of a round. */
export function turnOrder(count: number, round: number): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => (i + round) % count);
  return Math.floor(round / count) % 2 === 0 ? order : order.reverse();
}

function summary(name: string, sorted: readonly number[], reference: readonly number[]): RunTimes {
  const at = (values: readonly number[], q: number): number =>
    values[Math.max(0, Math.ceil(q * values.length) - 1)] ?? Number.NaN;
  return {
    name,
    runs: sorted.length,
    minMs: at(sorted, 0),
    p50Ms: at(sorted, 0.5),
    p95Ms: sorted.length < 132 ? null : at(sorted, 0.95),
    p99Ms: sorted.length < 662 ? null : at(sorted, 0.99),
    ratio: { min: at(sorted, 0) / at(reference, 0), median: at(sorted, 0.5) / at(reference, 0.5) },
  };
}
