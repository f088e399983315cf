import type { Tensor, TensorDtype } from '@edge-blueprints/contracts';
import type { z } from 'zod';
import { bytesOf, bytesPerElement, copyOf, elementsOf, tensorDataOf } from '../tensor-bytes.js';
import { dtypeOfDatatype } from './datatypes.js';
import type { TensorMessage } from './message-schema.js';
import { protocolError } from './protocol-error.js';

/** HTTP header with the length of the JSON part; the tensors follow it without gaps, in the order of the JSON. */
export const headerLengthField = 'inference-header-content-length';

/** A body ready to send: JSON part first, then the bytes of each tensor, not copied together. */
export interface EncodedBody {
  readonly parts: readonly Uint8Array[];
  /** Length of the JSON part when tensors follow it, else undefined. */
  readonly jsonBytes: number | undefined;
  readonly totalBytes: number;
}

export function encodeBody(json: unknown, tensors: readonly Tensor[]): EncodedBody {
  const head = Buffer.from(JSON.stringify(json), 'utf8');
  const parts = [head, ...tensors.map((tensor) => bytesOf(tensor.data))];
  const totalBytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return { parts, jsonBytes: tensors.length === 0 ? undefined : head.length, totalBytes };
}

/** HTTP headers that describe an encoded body. */
export function bodyHeaders({ jsonBytes, totalBytes }: EncodedBody): Record<string, string | number> {
  return jsonBytes === undefined
    ? { 'content-type': 'application/json', 'content-length': totalBytes }
    : { 'content-type': 'application/octet-stream', 'content-length': totalBytes, [headerLengthField]: jsonBytes };
}

/**
 * Splits a body into its checked JSON part and the bytes behind it.
 * @param headerLength value of the HTTP header; undefined when the whole body is JSON
 * @throws DeviceError `infer.protocol`
 */
export function splitBody<T>(
  schema: z.ZodType<T>,
  body: Uint8Array,
  headerLength: string | undefined,
): { readonly message: T; readonly binary: Uint8Array } {
  const jsonBytes = headerLength === undefined ? body.length : parseLength(headerLength);
  if (jsonBytes > body.length)
    throw protocolError(`The JSON part is said to have ${jsonBytes} bytes, the body has ${body.length}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, jsonBytes)));
  } catch (error) {
    throw protocolError(
      `The JSON part (${jsonBytes} bytes) cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
      error,
    );
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw protocolError(`The JSON part does not follow the protocol: ${problems.join('; ')}`, parsed.error);
  }
  return { message: parsed.data, binary: body.subarray(jsonBytes) };
}

function parseLength(text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw protocolError(`${headerLengthField} must be a whole number, got "${text.slice(0, 40)}"`);
  return Number(text);
}

/**
 * Reads tensors in order from the bytes behind the JSON part; a tensor without `binary_data_size` is read from its `data`.
 * @param memory `view` leaves values in the body where their alignment allows it; `own` gives each tensor its own memory
 * @throws DeviceError `infer.protocol` when lengths disagree or bytes are left over
 */
export function readTensors(
  messages: readonly TensorMessage[],
  binary: Uint8Array,
  memory: 'view' | 'own',
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const message of messages) {
    const { name, shape: dims } = message;
    const dtype = dtypeOfDatatype(message.datatype);
    if (dtype === undefined)
      throw protocolError(
        `Tensor "${name}" has the type ${message.datatype}; supported are FP32, UINT8, INT8, INT32, INT64`,
      );
    if (tensors.has(name)) throw protocolError(`Tensor "${name}" appears twice`);
    const size = message.parameters?.['binary_data_size'];
    if (size === undefined) {
      tensors.set(name, { dtype, dims, data: fromJson(message, dtype) });
      continue;
    }
    const want = elementsOf(dims) * bytesPerElement[dtype];
    if (size !== want)
      throw protocolError(
        `Tensor "${name}" has binary_data_size ${String(size)}, [${dims.join(', ')}] ${message.datatype} needs ${want}`,
      );
    if (at + want > binary.length)
      throw protocolError(`Tensor "${name}" needs ${want} bytes, ${binary.length - at} are left`);
    const bytes = binary.subarray(at, at + want);
    tensors.set(name, { dtype, dims, data: tensorDataOf(dtype, memory === 'own' ? copyOf(bytes) : bytes) });
    at += want;
  }
  if (at !== binary.length) throw protocolError(`${binary.length - at} bytes follow the last tensor`);
  return tensors;
}

function fromJson({ name, data, shape: dims }: TensorMessage, dtype: TensorDtype): Tensor['data'] {
  if (data === undefined) throw protocolError(`Tensor "${name}" has neither binary_data_size nor data`);
  const values: unknown[] = data.flat(dims.length);
  const want = elementsOf(dims);
  if (values.length !== want)
    throw protocolError(`Tensor "${name}" has ${values.length} values, [${dims.join(', ')}] needs ${want}`);
  const numbers = values.filter((value) => typeof value === 'number');
  const whole = dtype === 'float32' || numbers.every(Number.isSafeInteger);
  if (numbers.length !== want || !whole) throw protocolError(`Tensor "${name}" holds values that are not of its type`);
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'uint8':
      return Uint8Array.from(numbers);
    case 'int8':
      return Int8Array.from(numbers);
    case 'int32':
      return Int32Array.from(numbers);
    case 'int64':
      return BigInt64Array.from(numbers, BigInt);
    default:
      return dtype satisfies never;
  }
}
