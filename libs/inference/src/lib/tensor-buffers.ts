import type { Tensor, TensorData, TensorDtype, Tensors, TensorSpec } from '@edge-blueprints/contracts';
import { SessionFault } from './session-fault.js';

export const tensorDtypes: readonly TensorDtype[] = ['float32', 'uint8', 'int8', 'int32', 'int64'];

/** Product of the sizes. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** A tensor type's array over fresh memory. @throws SessionFault `infer.model-mismatch` for a type the contracts lack */
export function allocateData(dtype: string, length: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'int64':
      return new BigInt64Array(length);
    default:
      throw new SessionFault(
        'infer.model-mismatch',
        `Tensors of type ${dtype} are not supported; the types are ${tensorDtypes.join(', ')}. Export the model with one of them.`,
        { dtype },
      );
  }
}

export function dtypeOf(data: TensorData): TensorDtype {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Int32Array) return 'int32';
  return 'int64';
}

/** A zero tensor of the spec; open dimensions become 1. */
export function allocateTensor(spec: TensorSpec): Tensor {
  const dims = spec.dims.map((size) => (size === -1 ? 1 : size));
  const data = allocateData(spec.dtype, elementCount(dims));
  return { dtype: dtypeOf(data), dims, data };
}

export function allocateTensors(specs: readonly TensorSpec[]): Tensors {
  return Object.fromEntries(specs.map((spec) => [spec.name, allocateTensor(spec)]));
}

/** The distinct buffers that may be transferred: those which one tensor fills from end to end. */
export function privateBuffers(tensors: Tensors): readonly ArrayBuffer[] {
  const buffers = Object.values(tensors).flatMap(({ data }) =>
    data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength ? [data.buffer] : [],
  );
  return [...new Set(buffers)];
}
