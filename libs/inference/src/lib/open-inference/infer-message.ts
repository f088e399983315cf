import type { Tensor, TensorSpec, Tensors } from '@edge-blueprints/contracts';
import { encodeBody, readTensors, splitBody, type EncodedBody } from './binary-body.js';
import { datatypeOf } from './datatypes.js';
import { inferRequestSchema, inferResponseSchema, type TensorMessage } from './message-schema.js';

type Parameters = Readonly<Record<string, string | number | boolean | null>>;

export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** Names that the client asked for; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  /** Outputs that the client wants as bytes; the others go as JSON. */
  readonly binary: (output: string) => boolean;
  /** How long the client waits, from the schedule policy extension (microseconds there). */
  readonly timeoutMs: number | undefined;
}

export interface InferResponse {
  readonly modelName: string;
  readonly outputs: ReadonlyMap<string, Tensor>;
  readonly parameters: Parameters;
}

/** A request with all tensors as bytes, asking for all outputs as bytes. `timeoutMs` only for servers that know it. */
export function encodeInferRequest(inputs: Tensors, outputs: readonly TensorSpec[], timeoutMs?: number): EncodedBody {
  const tensors = Object.values(inputs);
  const json = {
    ...(timeoutMs === undefined ? {} : { parameters: { timeout: Math.max(1, Math.round(timeoutMs * 1000)) } }),
    inputs: Object.entries(inputs).map(([name, tensor]) => binaryMessage(name, tensor)),
    outputs: outputs.map(({ name }) => ({ name, parameters: { binary_data: true } })),
  };
  return encodeBody(json, tensors);
}

function binaryMessage(name: string, { dtype, dims, data }: Tensor): TensorMessage {
  return { name, datatype: datatypeOf(dtype), shape: [...dims], parameters: { binary_data_size: data.byteLength } };
}

/** @throws DeviceError `infer.protocol` */
export function decodeInferRequest(body: Uint8Array, headerLength: string | undefined): InferRequest {
  const { message, binary } = splitBody(inferRequestSchema, body, headerLength);
  const all = message.parameters?.['binary_data_output'] === true;
  const asked = new Map(message.outputs?.map((output) => [output.name, output.parameters?.['binary_data']]));
  const timeout = message.parameters?.['timeout'];
  return {
    id: message.id,
    inputs: readTensors(message.inputs, binary, 'view'),
    outputs: message.outputs === undefined || message.outputs.length === 0 ? undefined : [...asked.keys()],
    binary: (output) => asked.get(output) === true || (all && asked.get(output) !== false),
    timeoutMs: typeof timeout === 'number' && timeout > 0 ? timeout / 1000 : undefined,
  };
}

export interface ResponseHead {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string | undefined;
  readonly parameters: Parameters;
}

export function encodeInferResponse(
  head: ResponseHead,
  outputs: ReadonlyMap<string, Tensor>,
  binary: InferRequest['binary'],
): EncodedBody {
  const json = {
    model_name: head.modelName,
    model_version: head.modelVersion,
    ...(head.id === undefined ? {} : { id: head.id }),
    parameters: head.parameters,
    outputs: [...outputs].map(([name, tensor]) =>
      binary(name) ? binaryMessage(name, tensor) : jsonMessage(name, tensor),
    ),
  };
  return encodeBody(
    json,
    [...outputs].filter(([name]) => binary(name)).map(([, tensor]) => tensor),
  );
}

function jsonMessage(name: string, { dtype, dims, data }: Tensor): TensorMessage {
  return { name, datatype: datatypeOf(dtype), shape: [...dims], data: Array.from(data, Number) };
}

/** @throws DeviceError `infer.protocol` */
export function decodeInferResponse(body: Uint8Array, headerLength: string | undefined): InferResponse {
  const { message, binary } = splitBody(inferResponseSchema, body, headerLength);
  return {
    modelName: message.model_name,
    outputs: readTensors(message.outputs, binary, 'own'),
    parameters: message.parameters ?? {},
  };
}
