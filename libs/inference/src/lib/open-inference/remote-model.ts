import { DeviceError, type TensorSpec, type VerifiedModel } from '@edge-blueprints/contracts';
import { modelProblems } from '../model-check.js';
import { dtypeOfDatatype } from './datatypes.js';
import type { HttpCall, HttpPeer } from './http-exchange.js';
import { modelMetadataSchema, serverMetadataSchema, type ModelMetadataMessage } from './message-schema.js';
import { protocolError } from './protocol-error.js';
import { statusError } from './remote-status.js';
import type { z } from 'zod';

const maxMetadataBytes = 1 << 20;

/** A model on a server, checked against the bundle. */
export interface RemoteModel {
  /** Path of the model: /v2/models/NAME or /v2/models/NAME/versions/VERSION. */
  readonly path: string;
  readonly server: string;
  /** The provider that the server names; undefined when it does not. */
  readonly provider: string | undefined;
  /** The server honours the timeout of the schedule policy extension. */
  readonly knowsTimeout: boolean;
}

export interface RemoteAddress {
  readonly model: string;
  readonly version: string | undefined;
  /** `accept` takes a server that does not state the digest of its model. */
  readonly unstatedDigest: 'refuse' | 'accept';
}

/**
 * Asks a server for its model and compares names, types, shapes and digest with the verified bundle.
 * @throws DeviceError `infer.model-mismatch`, `infer.protocol`, `infer.overloaded` (not ready), `infer.unreachable`
 */
export async function findRemoteModel(
  peer: HttpPeer,
  address: RemoteAddress,
  want: VerifiedModel,
  signal: AbortSignal,
): Promise<RemoteModel> {
  const server = await askServer(peer, signal);
  if (!server.extensions.some((name) => name === 'binary_tensor_data' || name === 'binary_tensor')) {
    throw protocolError(`${server.name} lacks the binary tensor extension; this engine never sends tensors as JSON`);
  }
  const version = address.version === undefined ? '' : `/versions/${encodeURIComponent(address.version)}`;
  const path = `/v2/models/${encodeURIComponent(address.model)}${version}`;
  const metadata = await getJson(peer, path, modelMetadataSchema, signal);
  const problems = modelProblems(want, { inputs: specsOf(metadata.inputs), outputs: specsOf(metadata.outputs) });
  if (problems.length > 0) {
    throw new DeviceError(
      'infer.model-mismatch',
      `Model ${metadata.name} of the server is not that of the bundle: ${problems.join('; ')}.`,
      {
        context: { problems },
      },
    );
  }
  requireDigest(metadata, address, want);
  await getOk(peer, `${path}/ready`, signal);
  const provider = metadata.parameters?.['provider'];
  return {
    path,
    server: `${server.name} ${server.version}`,
    provider: typeof provider === 'string' ? provider : undefined,
    knowsTimeout: server.extensions.includes('schedule_policy'),
  };
}

export function askServer(peer: HttpPeer, signal: AbortSignal): Promise<z.infer<typeof serverMetadataSchema>> {
  return getJson(peer, '/v2', serverMetadataSchema, signal);
}

function specsOf(tensors: ModelMetadataMessage['inputs']): readonly TensorSpec[] {
  return tensors.map(({ name, datatype, shape }) => ({
    name,
    dtype: dtypeOfDatatype(datatype) ?? datatype,
    dims: shape,
  }));
}

function requireDigest(metadata: ModelMetadataMessage, { unstatedDigest }: RemoteAddress, want: VerifiedModel): void {
  const told = metadata.parameters?.['model_digest'];
  if (told === undefined && unstatedDigest === 'accept') return;
  if (told === want.modelDigest) return;
  const found = told === undefined ? 'states no digest' : `has the digest ${String(told).slice(0, 16)}`;
  throw new DeviceError(
    'infer.model-mismatch',
    `Model ${metadata.name} of the server ${found}; the bundle has ${want.modelDigest.slice(0, 16)} (${want.variant}). ` +
      `Serve the same bundle and variant${told === undefined ? ', or set unstatedDigest to accept' : ''}.`,
    { context: { told, want: want.modelDigest } },
  );
}

async function getOk(peer: HttpPeer, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const call: HttpCall = { method: 'GET', path, maxReplyBytes: maxMetadataBytes, signal };
  const reply = await peer.call(call);
  if (reply.status !== 200) throw statusError(reply, `GET ${path}`);
  return reply.body;
}

async function getJson<T>(peer: HttpPeer, path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const body = await getOk(peer, path, signal);
  try {
    return schema.parse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch (error) {
    throw protocolError(
      `GET ${path} does not answer as the Open Inference Protocol asks: ${error instanceof Error ? error.message : 'unknown'}`,
      error,
    );
  }
}
