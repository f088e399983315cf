import type { InferenceEngine, Tensor, TensorData, Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import { bytesOf, copyOf, tensorDataOf } from '../tensor-bytes.js';
import { encodeGoldenTensor, roundedTo } from './golden-tensor.js';
import type { GoldenTolerance, GoldenVectorEntry } from './manifest.js';
import type { PathOutputs } from './path-agreement.js';

export interface GoldenRun {
  readonly model: VerifiedModel;
  /** Bytes of the only input, by name of the vector. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  /** Expected values are rounded to this step, by output. */
  readonly step: Readonly<Record<string, number>>;
  readonly tolerance: Record<string, GoldenTolerance>;
  readonly createEngine: () => InferenceEngine;
}

export interface GoldenOutcome {
  readonly vectors: readonly GoldenVectorEntry[];
  /** What the engine gave, before rounding. */
  readonly station: PathOutputs;
}

/** Runs each input through the model; adds the files of inputs and outputs to `files` and returns the manifest's entries. */
export async function makeGoldenVectors(run: GoldenRun, files: Map<string, Uint8Array>): Promise<GoldenOutcome> {
  const { model, tolerance } = run;
  const engine = run.createEngine();
  try {
    await engine.load(model);
    const vectors: GoldenVectorEntry[] = [];
    const computed = new Map<string, Tensors>();
    for (const [name, bytes] of run.inputs) {
      const tensors = engine.allocateInputs();
      const input = Object.keys(tensors)[0] ?? '';
      for (const tensor of Object.values(tensors)) bytesOf(tensor.data).set(bytes);
      const outputs = ownCopies((await engine.infer(tensors)).outputs);
      computed.set(name, outputs);
      const add = (suffix: string, data: TensorData) => {
        const file = `golden/${name}.${suffix}.gz`;
        files.set(file, encodeGoldenTensor(data));
        return { file, encoding: 'gzip' as const };
      };
      const entries = Object.entries(outputs).map(([output, { data }]) => {
        const step = run.step[output];
        return [output, add(`${model.variant}.${output}`, step === undefined ? data : roundedTo(step, data))] as const;
      });
      // Variants with the same input share its file.
      vectors.push({
        name,
        variant: model.variant,
        inputs: { [input]: add(input, bytes) },
        outputs: Object.fromEntries(entries),
        tolerance,
      });
    }
    return { vectors, station: { path: `station ${model.variant}`, outputs: computed } };
  } finally {
    await engine.dispose();
  }
}

/** The engine may use its output memory again in the next run. */
function ownCopies(outputs: Tensors): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, dims, data }]) => [
      name,
      { dtype, dims, data: tensorDataOf(dtype, copyOf(bytesOf(data))) },
    ]),
  );
}
