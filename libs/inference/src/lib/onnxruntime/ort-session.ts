import './no-telemetry.js';
import type { TensorData, Tensors, TensorSpec } from '@edge-blueprints/contracts';
import * as ort from 'onnxruntime-node';
import type { ModelSource } from './optimised-model.js';
import { SessionFault } from '../session-fault.js';
import type { ThreadSetting } from './session-protocol.js';
import { dtypeOf } from '../tensor-buffers.js';

export type OrtSession = ort.InferenceSession;

export interface SessionSetup {
  readonly provider: string;
  readonly setting: ThreadSetting;
  /** Where the runtime writes its optimised copy of the model; an optimised source is not optimised again. */
  readonly writeTo?: string;
  /** Lets the runtime print its own errors; probes keep it quiet, since their errors are answers. */
  readonly quiet?: boolean;
}

/**
 * One session on exactly one provider. A provider other than the CPU must take the whole graph: the runtime would
 * otherwise give the rest, or all of it, to the CPU without saying so. Threads stop spinning at the end of each run, so an idle
 * session costs nothing.
 */
export async function createSession(source: ModelSource, setup: SessionSetup): Promise<OrtSession> {
  const { provider, setting } = setup;
  const strict = provider === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' };
  const format = source.optimised ? { load_model_format: 'ORT' } : {};
  const saved = setup.writeTo === undefined ? {} : { save_model_format: 'ORT' };
  return ort.InferenceSession.create(source.bytes, {
    executionProviders: [provider],
    executionMode: 'sequential',
    graphOptimizationLevel: source.optimised ? 'disabled' : 'all',
    intraOpNumThreads: setting.threads,
    interOpNumThreads: 1,
    logSeverityLevel: setup.quiet === true ? 4 : 3,
    ...(setup.writeTo === undefined ? {} : { optimizedModelFilePath: setup.writeTo }),
    extra: {
      session: {
        intra_op: { allow_spinning: setting.spinning ? '1' : '0' },
        force_spinning_stop: '1',
        ...strict,
        ...format,
        ...saved,
      },
    },
  });
}

/** @throws SessionFault `infer.model-mismatch` when a tensor is not a plain tensor */
export function sessionTensors(session: OrtSession): {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
} {
  return { inputs: session.inputMetadata.map(toSpec), outputs: session.outputMetadata.map(toSpec) };
}

/** Runs once; `runMs` is the model alone. The outputs own their memory. */
export async function runSession(
  session: OrtSession,
  inputs: Tensors,
): Promise<{ readonly outputs: Tensors; readonly runMs: number }> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toOrt(tensor)]));
  const startedMs = performance.now();
  const answer = await session.run(feeds);
  const runMs = performance.now() - startedMs;
  const outputs = Object.entries(answer).map(([name, value]) => {
    const data = plainData(name, value);
    return [name, { dtype: dtypeOf(data), dims: [...value.dims], data }] as const;
  });
  return { outputs: Object.fromEntries(outputs), runMs };
}

function toSpec(value: ort.InferenceSession.ValueMetadata): TensorSpec {
  if (!value.isTensor) {
    throw new SessionFault(
      'infer.model-mismatch',
      `${value.name} is a sequence or a map; the engine carries tensors only.`,
    );
  }
  const dims = value.shape.map((size) => (typeof size === 'number' ? size : -1));
  return { name: value.name, dtype: value.type, dims };
}

function toOrt({ data, dims }: { readonly data: TensorData; readonly dims: readonly number[] }): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  if (data instanceof Uint8Array) return new ort.Tensor('uint8', data, dims);
  if (data instanceof Int8Array) return new ort.Tensor('int8', data, dims);
  if (data instanceof Int32Array) return new ort.Tensor('int32', data, dims);
  return new ort.Tensor('int64', data, dims);
}

function plainData(name: string, { data, type }: ort.Tensor): TensorData {
  if (
    data instanceof Float32Array ||
    data instanceof Uint8Array ||
    data instanceof Int8Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array
  ) {
    return data;
  }
  throw new SessionFault('infer.failed', `The output ${name} has the type ${type}, which the engine does not carry.`);
}
