import { z } from 'zod';

const count = z.int().nonnegative();
const finite = z.number();

/** Bins of a frozen histogram: bin i holds (edges[i-1], edges[i]]; the first is open below, the last above. */
export const driftReferenceLimits = { edges: 256, sample: 10_000 } as const;

/**
 * What one scalar feature looked like when the model was released; part of its bundle. Written by `freezeReference` of
 * `@edge-blueprints/drift`, read by every monitor of it.
 */
export const driftReferenceSchema = z
  .strictObject({
    format: z.literal('edge-drift-reference/1'),
    /** Values that were seen, NaN included. */
    n: z.int().positive(),
    nanCount: count,
    mean: finite,
    /** Sample standard deviation (n - 1); 0 for a constant. */
    std: finite.nonnegative(),
    min: finite,
    max: finite,
    median: finite,
    iqr: finite.nonnegative(),
    /** Of the values in their order of time; 1 for independent ones. n / this is how many independent values they are worth. */
    autocorrelationTime: finite.min(1),
    /** Strictly ascending, taken from quantiles of the reference, never from current data. */
    edges: z.array(finite).min(1).max(driftReferenceLimits.edges),
    /** One more than edges. NaN is counted beside them, in `nanCount`. */
    counts: z
      .array(count)
      .min(2)
      .max(driftReferenceLimits.edges + 1),
    /** Ascending: all values, or a seeded random subset of them, so that an exact test on it keeps its meaning. */
    sample: z.array(finite).min(2).max(driftReferenceLimits.sample),
  })
  .superRefine((reference, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: reference });
    if (!isAscending(reference.edges, true))
      problem('edges', 'Edges must ascend strictly; freeze the reference again.');
    if (!isAscending(reference.sample, false)) problem('sample', 'The sample must ascend; freeze the reference again.');
    if (reference.counts.length !== reference.edges.length + 1)
      problem('counts', `${reference.edges.length} edges need ${reference.edges.length + 1} counts.`);
    const total = reference.counts.reduce((sum, n) => sum + n, reference.nanCount);
    if (total !== reference.n) problem('counts', `Counts and nanCount sum to ${total}, n says ${reference.n}.`);
    if (reference.sample.length > reference.n - reference.nanCount)
      problem('sample', `The sample has more values than the ${reference.n - reference.nanCount} of the reference.`);
    if (!(reference.min <= reference.median && reference.median <= reference.max))
      problem('median', 'min <= median <= max does not hold.');
  });

export type DriftReference = Readonly<z.infer<typeof driftReferenceSchema>>;

function isAscending(values: readonly number[], strictly: boolean): boolean {
  return values.every((value, i) => {
    const before = values[i - 1];
    return before === undefined || before < value || (!strictly && before === value);
  });
}
