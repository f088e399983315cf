import { gunzipSync, gzipSync } from 'node:zlib';
import type { Tensor, TensorData, TensorSpec } from '@edge-blueprints/contracts';
import { bytesOf, bytesPerElement, copyOf, elementsOf, isTensorDtype, tensorDataOf } from '../tensor-bytes.js';

/**
 * Values of a golden file, or a sentence saying why they cannot be read. Decompression stops at the length that the
 * shape allows.
 */
export function decodeGoldenTensor(
  bytes: Uint8Array,
  encoding: 'raw' | 'gzip',
  spec: TensorSpec,
): Tensor | { readonly problem: string } {
  const { dtype, dims } = spec;
  if (!isTensorDtype(dtype)) return { problem: `dtype ${dtype} is not supported` };
  const want = elementsOf(dims) * bytesPerElement[dtype];
  let plain: Uint8Array;
  try {
    plain = encoding === 'raw' ? bytes : gunzipSync(bytes, { maxOutputLength: Math.max(want, 1) });
  } catch (error) {
    return {
      problem: `cannot be decompressed to ${want} bytes (${error instanceof Error ? error.message : 'unknown'})`,
    };
  }
  if (plain.length !== want)
    return { problem: `holds ${plain.length} bytes, [${dims.join(', ')}] ${dtype} needs ${want}` };
  return { dtype, dims, data: tensorDataOf(dtype, copyOf(plain)) };
}

/** gzip with a zeroed header, so that equal values give equal files. */
export function encodeGoldenTensor(data: TensorData): Uint8Array {
  return gzipSync(bytesOf(data), { level: 9 });
}

/** Rounds floats to a step, which compresses them; the step must be well below the tolerance. */
export function roundedTo(step: number, data: TensorData): TensorData {
  if (!(data instanceof Float32Array)) return data;
  return data.map((value) => Math.round(value / step) * step);
}
