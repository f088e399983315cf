import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ConfigError, errorMessage, type Tensor, type Tensors, type TensorSpec } from '@edge-blueprints/contracts';
import { createSession, runSession, sessionTensors } from '../../onnxruntime/ort-session.js';
import { bytesOf, bytesPerElement, copyOf, elementsOf, isTensorDtype, tensorDataOf } from '../../tensor-bytes.js';
import { sha256Hex } from '../bundle-files.js';
import { readOnnxFile, type OnnxFile } from './onnx-file.js';

/** A model file as it was found: tensors, and what its exporter left. */
export interface ModelFacts extends OnnxFile {
  /** Name of the file, without folder. */
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly precision: 'fp32' | 'int8';
  /** Of the picture: [1, channels, height, width] or [1, height, width, channels]; -1 where a size is open. */
  readonly input: TensorSpec;
  readonly outputs: readonly TensorSpec[];
}

const quantised = /^(QuantizeLinear|DequantizeLinear|DynamicQuantizeLinear|QLinear\w+|ConvInteger|MatMulInteger)$/;

/**
 * Reads a model file and asks the runtime for its tensors.
 * @throws ConfigError `bundle.wrap-model` for a file that is no ONNX model, does not load, or takes no single picture
 */
export async function readModelFacts(path: string): Promise<ModelFacts> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ConfigError('bundle.wrap-model', `${path} cannot be read: ${errorMessage(error)}`);
  });
  const file = readOnnxFile(bytes, path);
  const { inputs, outputs } = await tensorsOf(bytes, path);
  const pictures = inputs.filter(({ name }) => !file.weights.includes(name));
  const [input] = pictures;
  if (input?.dims.length !== 4 || pictures.length !== 1) {
    const found = pictures.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(', ');
    throw new ConfigError(
      'bundle.wrap-model',
      `${path} takes ${found || 'nothing'}; a bundle of people takes one picture, a tensor of four dimensions`,
    );
  }
  return {
    ...file,
    file: basename(path),
    bytes: new Uint8Array(bytes),
    sha256: sha256Hex(bytes),
    precision: file.operators.some((name) => quantised.test(name)) ? 'int8' : 'fp32',
    input,
    outputs,
  };
}

async function tensorsOf(
  bytes: Uint8Array,
  path: string,
): Promise<{ readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] }> {
  try {
    const session = await open(bytes);
    try {
      return sessionTensors(session);
    } finally {
      await session.release();
    }
  } catch (error) {
    throw new ConfigError('bundle.wrap-model', `onnxruntime does not load ${path}: ${errorMessage(error)}`);
  }
}

/** A picture of one level, for the sizes of the outputs. */
export function evenPicture({ input }: ModelFacts, dims: readonly number[], level: number): Uint8Array {
  if (!isTensorDtype(input.dtype)) return new Uint8Array();
  const data = tensorDataOf(input.dtype, new Uint8Array(elementsOf(dims) * bytesPerElement[input.dtype]));
  if (data instanceof Float32Array || data instanceof Uint8Array) data.fill(level);
  return bytesOf(data);
}

/** Runs the model on pictures of the given sizes, one after the other. @throws ConfigError `bundle.wrap-model` */
export async function trialRuns(
  facts: ModelFacts,
  dims: readonly number[],
  pictures: readonly Uint8Array[],
): Promise<readonly Tensors[]> {
  const { dtype, name } = facts.input;
  if (!isTensorDtype(dtype)) {
    throw new ConfigError(
      'bundle.wrap-model',
      `${facts.file} takes ${dtype}, which the engine does not carry; export it with a float32 or uint8 input`,
    );
  }
  try {
    const session = await open(facts.bytes);
    try {
      const outputs: Tensors[] = [];
      for (const bytes of pictures) {
        const input: Tensor = { dtype, dims, data: tensorDataOf(dtype, copyOf(bytes)) };
        outputs.push((await runSession(session, { [name]: input })).outputs);
      }
      return outputs;
    } finally {
      await session.release();
    }
  } catch (error) {
    throw new ConfigError(
      'bundle.wrap-model',
      `${facts.file} does not run on a picture [${dims.join(', ')}]: ${errorMessage(error)}`,
    );
  }
}

const open = (bytes: Uint8Array) =>
  createSession(
    { bytes, optimised: false },
    { provider: 'cpu', setting: { threads: 1, spinning: false }, quiet: true },
  );
