import type { RetailRelease } from '@edge-blueprints/contracts';

export interface NoisySum {
  readonly value: number;
  /** Half width of the 95 % range of the noise. */
  readonly error95: number;
}

/**
 * All cells of a direction over several windows. The noises are independent discrete Laplace variables of scale b, for
 * which error95 = b ln 20; their sum has the variance 2 b^2 each and is close to normal. One alone keeps its own range.
 * @returns undefined where every window was suppressed
 */
export function sumOf(counts: readonly RetailRelease[], direction: 'in' | 'out'): NoisySum | undefined {
  const cells = counts.flatMap(({ cells, error95 }) =>
    cells
      .filter(({ key }) => key.endsWith(`/${direction}`))
      .flatMap(({ value }) => (value === null ? [] : [{ value, error95 }])),
  );
  const [first] = cells;
  if (first === undefined) return undefined;
  const value = cells.reduce((sum, cell) => sum + cell.value, 0);
  if (cells.length === 1) return { value, error95: first.error95 };
  const variance = cells.reduce((sum, { error95 }) => sum + 2 * (error95 / Math.log(20)) ** 2, 0);
  return { value, error95: 1.96 * Math.sqrt(variance) };
}

/** One number a window for the trend; null where it was suppressed. */
export function trendOf(counts: readonly RetailRelease[]): readonly (number | null)[] {
  return counts.map((release) => sumOf([release], 'in')?.value ?? null);
}
