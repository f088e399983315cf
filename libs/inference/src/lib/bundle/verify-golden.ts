import {
  ConfigError,
  type InferenceEngine,
  type ParityGate,
  type Tensor,
  type TensorData,
  type Tensors,
} from '@edge-blueprints/contracts';
import { compareOutput, type GoldenComparison } from './golden-comparison.js';
import { detectorReading, isVerdictFlipped, readByDecoder, widened, type DetectorReading } from './golden-rule.js';
import type { GoldenVector, LoadedBundle } from './load-bundle.js';

export interface GoldenOptions {
  /** For an artefact that was compiled to integers of its own and stands for an INT8 variant: the gate of its route. */
  readonly parity?: ParityGate | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Runs the golden vectors of a variant, which must be loaded in the engine, and judges the outputs by the golden rule. To be
 * called before the first frame: it shows that this processor and this provider compute what was validated.
 * @returns one entry a vector and output, over all of its values
 * @throws ConfigError `bundle.golden-mismatch` naming every vector and output that is off; `bundle.golden-parity` where
 *   `parity` is given for a variant that is not INT8
 */
export async function verifyGolden(
  engine: InferenceEngine,
  bundle: LoadedBundle,
  variantId: string,
  { parity, signal }: GoldenOptions = {},
): Promise<readonly GoldenComparison[]> {
  const { name, version } = bundle.manifest;
  const vectors = bundle.golden(variantId);
  const { modelDigest } = bundle.variant(variantId);
  const precision = bundle.manifest.variants.find(({ id }) => id === variantId)?.precision;
  if (parity !== undefined && precision !== 'int8')
    throw new ConfigError(
      'bundle.golden-parity',
      `Variant ${variantId} of bundle ${name} ${version} is ${precision ?? 'unknown'}: the gate of a route (factor ${parity.factor}) is for artefacts in integers, which stand for an INT8 variant. Name such a variant, or leave the gate out.`,
    );
  const reading = detectorReading(bundle.manifest);
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
    const judged = judgeVector(vector, result.outputs, reading, parity);
    comparisons.push(...judged.comparisons);
    wrong.push(...judged.problems);
  }
  if (wrong.length === 0) return comparisons;
  throw new ConfigError(
    'bundle.golden-mismatch',
    `Variant ${variantId} of bundle ${name} ${version} does not compute what was validated:\n` +
      `${wrong.map((line) => `  ${line}`).join('\n')}\nUse another variant or provider; the model must not judge parts on this machine.`,
    { context: { variant: variantId, comparisons } },
  );
}

/** One vector by the golden rule: the values that the decoder reads, all values, the verdict. */
export function judgeVector(
  { name, outputs: want, tolerance }: Pick<GoldenVector, 'name' | 'outputs' | 'tolerance'>,
  got: Tensors,
  reading: DetectorReading | undefined,
  parity: ParityGate | undefined,
): { readonly comparisons: readonly GoldenComparison[]; readonly problems: readonly string[] } {
  const comparisons: GoldenComparison[] = [];
  const problems: string[] = [];
  for (const [output, expected] of Object.entries(want)) {
    const bundled = tolerance[output];
    if (bundled === undefined) continue;
    const allowed = widened(bundled, parity);
    const counts = readByDecoder(output, want, reading);
    const all = compareOutput(name, output, got[output], expected, allowed);
    const read = counts === undefined ? all : compareOutput(name, output, got[output], expected, allowed, counts);
    // Boxes that nobody reads do not count there: one step of them is large, and nothing holds them.
    const free = parity !== undefined && output === reading?.boxes && read !== all;
    comparisons.push({ ...all, ok: read.ok && (all.ok || free) });
    if (!all.ok && !free) problems.push(describe(all, ''));
    if (!read.ok && read !== all) problems.push(describe(read, ' that the decoder reads'));
    if (output === reading?.scores && isVerdictFlipped(got[output], expected, reading, allowed))
      problems.push(
        `${name}: the verdict is not the expected one, and no score is within the tolerance of its threshold`,
      );
  }
  return { comparisons, problems };
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

function describe({ vector, output, outliers, values, largestDifference }: GoldenComparison, which: string): string {
  return `${vector}: ${outliers} of ${values} values of "${output}"${which} are off, the largest by ${largestDifference.toPrecision(3)}`;
}
