import { ConfigError, type Tensor } from '@edge-blueprints/contracts';
import type { AgreementEntry, AgreementTolerance } from './agreement-schema.js';
import { withinTolerance } from './agreement-schema.js';
import { textTable } from './text-table.js';
import { compareOutput } from './golden-comparison.js';

/** What one way of computing the model gave: tensors by golden vector and output. */
export interface PathOutputs {
  readonly path: string;
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, Tensor>>>;
}

/** Two paths and how far each output may be apart. */
export interface PathPair {
  readonly reference: PathOutputs;
  readonly other: PathOutputs;
  readonly tolerance: Readonly<Record<string, AgreementTolerance>>;
}

/** One entry an output, over all vectors of the reference. A vector that the other path lacks counts as wholly outside. */
export function pathAgreement({ reference, other, tolerance }: PathPair): readonly AgreementEntry[] {
  return Object.entries(tolerance).map(([output, allowed]) => {
    let values = 0;
    let outliers = 0;
    let largest = 0;
    let sum = 0;
    for (const [vector, tensors] of reference.outputs) {
      const want = tensors[output];
      if (want === undefined) continue;
      const got = other.outputs.get(vector)?.[output];
      const compared = compareOutput(vector, output, got, want, allowed);
      values += compared.values;
      outliers += compared.outliers;
      largest = Math.max(largest, compared.largestDifference);
      sum += compared.meanDifference * compared.values;
    }
    const mean = values === 0 ? Infinity : sum / values;
    return { reference: reference.path, path: other.path, output, values, largest, mean, outliers, tolerance: allowed };
  });
}

const short = (value: number): string =>
  Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : 'infinite';

/** Rows of the table: pair of paths, output, largest and mean difference, outliers, what was allowed. */
export function agreementRows(entries: readonly AgreementEntry[]): readonly (readonly string[])[] {
  return entries.map(({ reference, path, output, values, largest, mean, outliers, tolerance }) => [
    `${reference} - ${path}`,
    output,
    short(largest),
    short(mean),
    short(tolerance.mean),
    `${outliers} of ${values}`,
    String(Math.floor(tolerance.outlierShare * values)),
  ]);
}

export const agreementHead = [
  'paths',
  'output',
  'largest difference',
  'mean difference',
  'allowed mean',
  'outside of tolerance',
  'allowed outside',
] as const;

/** @throws ConfigError `bundle.agreement` with the whole table when a pair of paths is further apart than allowed */
export function requireAgreement(entries: readonly AgreementEntry[]): void {
  const bad = entries.filter((entry) => !withinTolerance(entry));
  if (bad.length === 0) return;
  const rows = agreementRows(entries).map((row, at) => {
    const entry = entries[at];
    return [entry !== undefined && withinTolerance(entry) ? 'ok' : 'APART', ...row];
  });
  throw new ConfigError(
    'bundle.agreement',
    `The ways of computing the model do not agree on the golden vectors (${bad.length} of ${entries.length} comparisons):\n` +
      `${textTable(['', ...agreementHead], rows)}\n` +
      'Export, quantise and write the golden outputs again from the same checkpoint; when they still differ, the file or the runtime is wrong.',
    { context: { apart: bad } },
  );
}
