import type { Random, Tensor, TensorData, Tensors, TensorSpec } from '@edge-blueprints/contracts';

/** Product of the sizes; open dimensions (-1) count as 1. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * Math.max(size, 1), 1);
}

/** A zero tensor of the spec's shape; open dimensions become 1. */
export function zeroTensor(spec: TensorSpec): Tensor {
  const dims = spec.dims.map((size) => Math.max(size, 1));
  const length = elementCount(dims);
  switch (spec.dtype) {
    case 'float32':
      return { dtype: 'float32', dims, data: new Float32Array(length) };
    case 'uint8':
      return { dtype: 'uint8', dims, data: new Uint8Array(length) };
    case 'int8':
      return { dtype: 'int8', dims, data: new Int8Array(length) };
    case 'int32':
      return { dtype: 'int32', dims, data: new Int32Array(length) };
    case 'int64':
      return { dtype: 'int64', dims, data: new BigInt64Array(length) };
    default:
      throw new TypeError(`no tensor type is called ${spec.dtype}`);
  }
}

export function zeroTensors(specs: readonly TensorSpec[]): Tensors {
  return Object.fromEntries(specs.map((spec) => [spec.name, zeroTensor(spec)]));
}

/** Small whole numbers, which every tensor type can hold. */
export function fillTensors(tensors: Tensors, random: Random): void {
  for (const { data } of Object.values(tensors)) fillData(data, random);
}

export function withTensor(tensors: Tensors, name: string, tensor: Tensor): Tensors {
  return { ...tensors, [name]: tensor };
}

function fillData(data: TensorData, random: Random): void {
  if (data instanceof BigInt64Array) {
    for (let i = 0; i < data.length; i += 1) data[i] = BigInt(random.integer(0, 50));
  } else {
    for (let i = 0; i < data.length; i += 1) data[i] = random.integer(0, 50);
  }
}
