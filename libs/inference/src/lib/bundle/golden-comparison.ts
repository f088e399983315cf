import type { Tensor } from '@edge-blueprints/contracts';
import type { GoldenTolerance } from './manifest.js';

/** How far one output was from its expectation. */
export interface GoldenComparison {
  readonly vector: string;
  readonly output: string;
  readonly values: number;
  /** Values outside of absolute + relative tolerance, NaN included. */
  readonly outliers: number;
  readonly largestDifference: number;
  /** Over all values; infinite when one is not a number. */
  readonly meanDifference: number;
  readonly ok: boolean;
}

/** Counts the values that lie outside of `absolute + relative * |expected|`; a NaN is always outside. */
export function compareOutput(
  vector: string,
  output: string,
  got: Tensor | undefined,
  want: Tensor,
  tolerance: GoldenTolerance,
  counts: (index: number) => boolean = () => true,
): GoldenComparison {
  const of = { vector, output };
  if (got === undefined || got.dtype !== want.dtype || got.dims.join() !== want.dims.join()) {
    const values = want.data.length;
    return { ...of, values, outliers: values, largestDifference: Infinity, meanDifference: Infinity, ok: false };
  }
  let values = 0;
  let outliers = 0;
  let largestDifference = 0;
  let sum = 0;
  for (let i = 0; i < want.data.length; i++) {
    if (!counts(i)) continue;
    values++;
    const expected = Number(want.data[i]);
    const difference = Math.abs(Number(got.data[i]) - expected);
    if (!(difference <= tolerance.absolute + tolerance.relative * Math.abs(expected))) outliers++;
    if (!(difference <= largestDifference)) largestDifference = Number.isNaN(difference) ? Infinity : difference;
    sum += difference;
  }
  const meanDifference = Number.isNaN(sum) ? Infinity : sum / Math.max(values, 1);
  return {
    ...of,
    values,
    outliers,
    largestDifference,
    meanDifference,
    ok: outliers <= tolerance.outlierShare * values,
  };
}
