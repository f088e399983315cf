import { ConfigError, type InferenceEngine, type Tensor, type TensorData } from '@edge-blueprints/contracts';
import type { GoldenVector, LoadedBundle } from './load-bundle.js';
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

/**
 * Runs the golden vectors of a variant, which must be loaded in the engine, and compares every value. To be called
 * before the first frame: it shows that this processor and this provider compute what was validated.
 * @throws ConfigError `bundle.golden-mismatch` naming every vector and output that is off
 */
export async function verifyGolden(
  engine: InferenceEngine,
  bundle: LoadedBundle,
  variantId: string,
  signal?: AbortSignal,
): Promise<readonly GoldenComparison[]> {
  const vectors = bundle.golden(variantId);
  const { modelDigest } = bundle.variant(variantId);
  const comparisons: GoldenComparison[] = [];
  const wrong: string[] = [];
  for (const vector of vectors) {
    const result = await engine.infer(filledInputs(engine, vector), signal === undefined ? {} : { signal });
    if (result.modelDigest !== modelDigest) {
      wrong.push(
        `${vector.name}: the engine ran model ${result.modelDigest.slice(0, 12)}, want ${modelDigest.slice(0, 12)}`,
      );
      continue;
    }
    for (const [output, want] of Object.entries(vector.outputs)) {
      const tolerance = vector.tolerance[output];
      const compared = tolerance && compareOutput(vector.name, output, result.outputs[output], want, tolerance);
      if (compared) comparisons.push(compared);
    }
  }
  wrong.push(...comparisons.filter((comparison) => !comparison.ok).map(describe));
  if (wrong.length === 0) return comparisons;
  throw new ConfigError(
    'bundle.golden-mismatch',
    `Variant ${variantId} of bundle ${bundle.manifest.name} ${bundle.manifest.version} does not compute what was validated:\n` +
      `${wrong.map((line) => `  ${line}`).join('\n')}\nUse another variant or provider; the model must not judge parts on this machine.`,
    { context: { variant: variantId, comparisons } },
  );
}

/** Fills the engine's own buffers, because the vectors must outlive the run. */
function filledInputs(engine: InferenceEngine, vector: GoldenVector): Readonly<Record<string, Tensor>> {
  const inputs = engine.allocateInputs();
  for (const [name, tensor] of Object.entries(inputs)) {
    const golden = vector.inputs[name];
    if (golden !== undefined) copyInto(tensor.data, golden.data);
  }
  return inputs;
}

function copyInto(target: TensorData, source: TensorData): void {
  if (target instanceof BigInt64Array && source instanceof BigInt64Array) target.set(source);
  else if (!(target instanceof BigInt64Array) && !(source instanceof BigInt64Array)) target.set(source);
}

/** Counts the values that lie outside of `absolute + relative * |expected|`; a NaN is always outside. */
export function compareOutput(
  vector: string,
  output: string,
  got: Tensor | undefined,
  want: Tensor,
  tolerance: GoldenTolerance,
): GoldenComparison {
  const values = want.data.length;
  if (got === undefined || got.dtype !== want.dtype || got.data.length !== values) {
    return {
      vector,
      output,
      values,
      outliers: values,
      largestDifference: Infinity,
      meanDifference: Infinity,
      ok: false,
    };
  }
  let outliers = 0;
  let largestDifference = 0;
  let sum = 0;
  for (let i = 0; i < values; i++) {
    const expected = Number(want.data[i]);
    const difference = Math.abs(Number(got.data[i]) - expected);
    if (!(difference <= tolerance.absolute + tolerance.relative * Math.abs(expected))) outliers++;
    if (!(difference <= largestDifference)) largestDifference = Number.isNaN(difference) ? Infinity : difference;
    sum += difference;
  }
  const meanDifference = Number.isNaN(sum) ? Infinity : sum / Math.max(values, 1);
  const ok = outliers <= tolerance.outlierShare * values;
  return { vector, output, values, outliers, largestDifference, meanDifference, ok };
}

function describe({ vector, output, outliers, values, largestDifference }: GoldenComparison): string {
  return `${vector}: ${outliers} of ${values} values of "${output}" are off, the largest by ${largestDifference.toPrecision(3)}`;
}
