/** One ratio of the bench: what is measured over what it is measured against. */
export interface Ratio {
  readonly id: string;
  readonly what: string;
  readonly count: number;
  /** Ratio of the medians and of the minima; smaller is better. */
  readonly median: number;
  readonly minimum: number;
  /** Where the project wants to be; null where there is no aim. */
  readonly aim: number | null;
  readonly detail: string;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** Ratio of two samples that were taken in turns in one run, so that both met the same machine. */
export function ratioOf(
  id: string,
  what: string,
  ours: readonly number[],
  other: readonly number[],
  aim: number | null,
  unit = 'ms',
): Ratio {
  const m = (values: readonly number[]): number => quantile(values, 0.5);
  return {
    id,
    what,
    count: Math.min(ours.length, other.length),
    median: m(ours) / m(other),
    minimum: Math.min(...ours) / Math.min(...other),
    aim,
    detail: `${m(ours).toFixed(3)} against ${m(other).toFixed(3)} ${unit} p50`,
  };
}

/** Runs both in turns: A B, B A, A B ... so that neither profits from the order. Times in ms. */
export async function inTurns(
  rounds: number,
  a: () => unknown,
  b: () => unknown,
): Promise<{ readonly a: number[]; readonly b: number[] }> {
  const times = { a: [] as number[], b: [] as number[] };
  const time = async (work: () => unknown): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  for (let i = -5; i < rounds; i++) {
    const first = i % 2 === 0;
    const one = await time(first ? a : b);
    const two = await time(first ? b : a);
    if (i < 0) continue; // warm-up
    times.a.push(first ? one : two);
    times.b.push(first ? two : one);
  }
  return times;
}
