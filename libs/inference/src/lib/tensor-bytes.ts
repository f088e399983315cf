import type { TensorData, TensorDtype } from '@edge-blueprints/contracts';

export const bytesPerElement = { float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8 } as const satisfies Record<
  TensorDtype,
  number
>;

export function isTensorDtype(dtype: string): dtype is TensorDtype {
  return Object.hasOwn(bytesPerElement, dtype);
}

export function elementsOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** A view of the dtype over bytes that start at an aligned place; copies when they do not. Little-endian machines only. */
export function tensorDataOf(dtype: TensorDtype, bytes: Uint8Array): TensorData {
  const aligned = bytes.byteOffset % bytesPerElement[dtype] === 0 ? bytes : copyOf(bytes);
  const { buffer, byteOffset } = aligned;
  const length = aligned.byteLength / bytesPerElement[dtype];
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, length);
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'uint8':
      return aligned;
    default:
      return dtype satisfies never;
  }
}

/** The bytes of tensor values, without a copy. */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Fresh memory of exactly this content. Not `slice`, because that of a Buffer is a view. */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
