/** A computed number with the way to it. `uses` names assumptions by key, inputs as `input:PATH`, facts as `target:ID.FIELD`. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly how: string;
  readonly uses: readonly string[];
}

export function figure(value: number, unit: string, how: string, uses: readonly string[]): Figure {
  return { value, unit, how, uses: [...new Set(uses)] };
}

/** What several figures rest on, each once. */
export function usesOf(figures: readonly Pick<Figure, 'uses'>[]): readonly string[] {
  return [...new Set(figures.flatMap(({ uses }) => uses))];
}
