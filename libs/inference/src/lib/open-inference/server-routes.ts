import type { InferenceEngine, Tensor } from '@edge-blueprints/contracts';
import { bytesOf } from '../tensor-bytes.js';
import type { EncodedBody } from './binary-body.js';
import { datatypeOf } from './datatypes.js';
import { isTensorDtype } from '../tensor-bytes.js';
import { encodeInferResponse, type InferRequest } from './infer-message.js';
import { protocolError } from './protocol-error.js';
import type { ServedModel } from './server-config.js';
import { HttpRefusal } from './server-reply.js';

export const serverMetadata = {
  name: 'edge-blueprints',
  version: '0.1.0',
  extensions: ['binary_tensor_data', 'schedule_policy'],
} as const;

export function modelMetadata({ name, version, loaded }: ServedModel): unknown {
  const tensors = (specs: typeof loaded.inputs) =>
    specs.map((spec) => ({
      name: spec.name,
      datatype: isTensorDtype(spec.dtype) ? datatypeOf(spec.dtype) : spec.dtype,
      shape: spec.dims,
    }));
  const { modelDigest, variant, provider } = loaded;
  return {
    name,
    versions: [version],
    platform: 'onnx',
    inputs: tensors(loaded.inputs),
    outputs: tensors(loaded.outputs),
    parameters: { model_digest: modelDigest, variant, provider },
  };
}

/** What a path asks for; undefined for a path that the protocol does not have. */
export type Route =
  | { readonly kind: 'live' | 'ready' | 'server' }
  | { readonly kind: 'model' | 'model-ready' | 'infer'; readonly model: string; readonly version: string | undefined };

export function routeOf(path: string): Route | undefined {
  const [first, second, ...rest] = path.replace(/^\/|\/$/g, '').split('/');
  if (first !== 'v2') return undefined;
  if (second === undefined) return { kind: 'server' };
  if (second === 'health' && rest.length === 1 && (rest[0] === 'live' || rest[0] === 'ready')) return { kind: rest[0] };
  if (second !== 'models') return undefined;
  const [model, ...tail] = rest.map(decoded);
  const version = tail[0] === 'versions' ? tail[1] : undefined;
  const [verb, ...more] = tail.slice(tail[0] === 'versions' ? 2 : 0);
  if (model === undefined || more.length > 0 || (tail[0] === 'versions' && version === undefined)) return undefined;
  if (verb === undefined) return { kind: 'model', model, version };
  if (verb === 'ready') return { kind: 'model-ready', model, version };
  return verb === 'infer' ? { kind: 'infer', model, version } : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpRefusal(400, 'the path is not properly encoded');
  }
}

/** One inference for a request body. @throws DeviceError of the engine or `infer.protocol` */
export async function answerInfer(
  engine: InferenceEngine,
  served: ServedModel,
  request: InferRequest,
  limit: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<EncodedBody> {
  const wanted = request.outputs ?? served.loaded.outputs.map((spec) => spec.name);
  const unknown = wanted.filter((name) => !served.loaded.outputs.some((spec) => spec.name === name));
  if (unknown.length > 0) throw protocolError(`the model has no output ${unknown.join(', ')}`);
  const inputs = engine.allocateInputs();
  fill(inputs, request.inputs);
  const result = await engine.infer(inputs, limit);
  const outputs = new Map<string, Tensor>();
  for (const name of wanted) {
    const tensor = result.outputs[name];
    if (tensor !== undefined) outputs.set(name, tensor);
  }
  const parameters = {
    model_digest: result.modelDigest,
    variant: result.variant,
    provider: result.provider,
    queue_ms: result.timings.queueMs,
    run_ms: result.timings.runMs,
    degradation_level: result.degradation.level,
    degradation_reason: result.degradation.reason,
  };
  return encodeInferResponse(
    { modelName: served.name, modelVersion: served.version, id: request.id, parameters },
    outputs,
    request.binary,
  );
}

/** Into the engine's own buffers, after checking that everything fits. */
function fill(targets: Readonly<Record<string, Tensor>>, given: ReadonlyMap<string, Tensor>): void {
  const problems = [...given.keys()]
    .filter((name) => !Object.hasOwn(targets, name))
    .map((name) => `the model has no input "${name}"`);
  for (const [name, target] of Object.entries(targets)) {
    const tensor = given.get(name);
    const fits = tensor?.dtype === target.dtype && tensor.dims.join() === target.dims.join();
    if (tensor !== undefined && fits) bytesOf(target.data).set(bytesOf(tensor.data));
    else
      problems.push(
        `input "${name}" must be ${datatypeOf(target.dtype)} [${target.dims.join(', ')}], got ${describe(tensor)}`,
      );
  }
  if (problems.length > 0) throw protocolError(problems.join('; '));
}

const describe = (tensor: Tensor | undefined) =>
  tensor === undefined ? 'nothing' : `${datatypeOf(tensor.dtype)} [${tensor.dims.join(', ')}]`;
