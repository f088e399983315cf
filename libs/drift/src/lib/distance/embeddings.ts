import { UsageError } from '@edge-blueprints/contracts';

/** Rows of one length after each other. */
export interface Embeddings {
  readonly data: Float32Array | Float64Array;
  readonly dims: number;
}

/** Number of rows. @throws UsageError `drift.embeddings` for values that make no whole rows, or that are not finite */
export function rowsOf({ data, dims }: Embeddings): number {
  if (!(Number.isInteger(dims) && dims > 0 && data.length > 0 && data.length % dims === 0))
    throw new UsageError('drift.embeddings', `${data.length} values make no whole rows of ${dims}.`);
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new UsageError(
      'drift.embeddings',
      `Value ${wrong % dims} of embedding ${Math.floor(wrong / dims)} is ${data[wrong]}; leave that embedding out.`,
    );
  return data.length / dims;
}

/** @throws UsageError `drift.embeddings` for rows of different lengths */
export function checkSameDims(one: Embeddings, two: Embeddings): void {
  if (one.dims !== two.dims)
    throw new UsageError('drift.embeddings', `Embeddings of ${one.dims} and of ${two.dims} values cannot be compared.`);
}

/** Squared Euclidean distance of row i of one and row j of the other. */
export function squaredDistance(one: Embeddings, i: number, two: Embeddings, j: number): number {
  const { dims } = one;
  let sum = 0;
  for (let k = 0; k < dims; k++) {
    const apart = (one.data[i * dims + k] ?? 0) - (two.data[j * dims + k] ?? 0);
    sum += apart * apart;
  }
  return sum;
}
