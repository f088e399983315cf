import {
  DeviceError,
  UsageError,
  errorCode,
  parseConfig,
  systemClock,
  type Clock,
  type InferOptions,
  type InferenceEngine,
  type InferenceResult,
  type Tensors,
  type VerifiedModel,
} from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createInputPool, type InputPool } from '../input-pool.js';
import { inputProblems, outputProblems } from '../model-check.js';
import { bytesOf, bytesPerElement, elementsOf, isTensorDtype } from '../tensor-bytes.js';
import { headerLengthField } from './binary-body.js';
import { disposed, limitCall } from './call-limit.js';
import { createHttpPeer } from './http-exchange.js';
import { decodeInferResponse, encodeInferRequest } from './infer-message.js';
import { refuseIf } from './refuse-if.js';
import { askServer, findRemoteModel, type RemoteModel } from './remote-model.js';
import { remoteResult } from './remote-result.js';
import { statusError } from './remote-status.js';

export const openInferenceEngineConfigSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .meta({ description: 'Address of the inference server, for example http://10.0.0.5:8500.' }),
  model: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Name of the model on the server; the name of the bundle when left out.' }),
  version: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Version of the model on the server; its default when left out.' }),
  maxInFlight: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .meta({ description: 'Calls under way at the same time; more are refused as overloaded.' }),
  requestTimeoutMs: z
    .int()
    .min(1)
    .max(600_000)
    .default(1000)
    .meta({ description: 'Limit of a call that has no deadline of its own.' }),
  unstatedDigest: z.enum(['refuse', 'accept']).default('refuse').meta({
    description: 'What to do with a server that does not state the digest of its model (Triton and others do not).',
  }),
});
export type OpenInferenceEngineConfigInput = z.input<typeof openInferenceEngineConfigSchema>;

export interface OpenInferenceEngineDeps {
  readonly clock?: Clock;
  /** Bearer token, from the environment or a file of secrets, never from the configuration. */
  readonly token?: string;
}

interface Loaded {
  readonly model: VerifiedModel;
  readonly remote: RemoteModel;
  readonly pool: InputPool;
}

const jsonAllowance = 64 << 10;

/**
 * Runs models on a server that speaks the Open Inference Protocol (KServe V2) with the binary tensor extension: a fog
 * node of ours, Triton, OpenVINO Model Server. Tensors go as bytes over kept-alive connections.
 * @throws ConfigError `config.invalid`
 */
export function createOpenInferenceEngine(
  config: OpenInferenceEngineConfigInput,
  deps: OpenInferenceEngineDeps = {},
): InferenceEngine {
  const settings = parseConfig(openInferenceEngineConfigSchema, config, 'the Open Inference Protocol engine');
  const { clock = systemClock, token } = deps;
  const base = new URL(settings.url);
  const peer = createHttpPeer(base, settings.maxInFlight, token);
  const closing = new AbortController();
  let loaded: Loaded | undefined;
  let lastFault: string | undefined;
  let inFlight = 0;
  let completed = 0;
  let failed = 0;

  const usable = (): Loaded => {
    if (closing.signal.aborted) throw disposed();
    if (loaded === undefined)
      throw new UsageError('infer.not-loaded', 'The engine holds no model yet. Await load() first.');
    return loaded;
  };
  const fallbackDeadline = () => clock.monotonicMs() + settings.requestTimeoutMs;
  const limited = async <T>(options: InferOptions, run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const limit = limitCall(
      clock,
      { ...options, deadlineMs: options.deadlineMs ?? fallbackDeadline() },
      closing.signal,
    );
    try {
      limit.signal.throwIfAborted();
      return await run(limit.signal);
    } finally {
      limit.release();
    }
  };

  const runRemote = async (
    { model, remote }: Loaded,
    inputs: Tensors,
    options: InferOptions,
  ): Promise<InferenceResult> => {
    const calledMs = clock.monotonicMs();
    refuseIf(inputProblems(model.inputs, inputs), 'infer.input-mismatch', 'The inputs do not fit the model');
    return limited(options, async (signal) => {
      if (inFlight > settings.maxInFlight) {
        throw new DeviceError('infer.overloaded', `${settings.maxInFlight} calls are under way, which is the bound.`, {
          retry: 'safe',
        });
      }
      const timeoutMs = remote.knowsTimeout ? (options.deadlineMs ?? fallbackDeadline()) - calledMs : undefined;
      const reply = await peer.call({
        method: 'POST',
        path: `${remote.path}/infer`,
        body: encodeInferRequest(inputs, model.outputs, timeoutMs),
        maxReplyBytes: jsonAllowance + maxOutputBytes(model),
        signal,
      });
      signal.throwIfAborted(); // an answer after the deadline is late, also when the timer had no turn yet
      if (reply.status !== 200) throw statusError(reply, `${base.host} ${model.bundle}`);
      const lengths = reply.headers[headerLengthField];
      const response = decodeInferResponse(reply.body, typeof lengths === 'string' ? lengths : undefined);
      const provider = `${remote.provider ?? remote.server}@${base.host}`;
      const result = remoteResult(response, model, { base, provider, totalMs: clock.monotonicMs() - calledMs });
      refuseIf(
        outputProblems(model.outputs, result.outputs),
        'infer.failed',
        `${base.host} gave outputs that cannot be used`,
      );
      return result;
    });
  };

  const infer = async (inputs: Tensors, options: InferOptions = {}): Promise<InferenceResult> => {
    inFlight += 1;
    try {
      const current = usable();
      const result = await runRemote(current, inputs, options);
      current.pool.reclaim(inputs);
      completed += 1;
      lastFault = undefined;
      return result;
    } catch (error) {
      failed += 1;
      lastFault = errorCode(error);
      throw error;
    } finally {
      inFlight -= 1;
    }
  };

  return {
    capabilities: async () => {
      const server = await limited({}, (signal) => askServer(peer, signal));
      const provider = `${loaded?.remote.provider ?? `${server.name} ${server.version}`}@${base.host}`;
      return { runtime: 'open-inference-protocol v2', providers: [provider], maxConcurrency: settings.maxInFlight };
    },
    load: async (model) => {
      const startedMs = clock.monotonicMs();
      const address = {
        model: settings.model ?? model.bundle,
        version: settings.version,
        unstatedDigest: settings.unstatedDigest,
      };
      const remote = await limited({}, (signal) => findRemoteModel(peer, address, model, signal));
      loaded = { model, remote, pool: createInputPool(model.inputs, settings.maxInFlight + 1) };
      lastFault = undefined;
      const { modelDigest, variant, inputs, outputs } = model;
      const provider = `${remote.provider ?? remote.server}@${base.host}`;
      return { modelDigest, variant, provider, inputs, outputs, loadMs: clock.monotonicMs() - startedMs };
    },
    warmUp: async (runs, signal) => {
      const times: number[] = [];
      for (let i = 0; i < runs; i++) {
        const { pool } = usable();
        const inputs = pool.take();
        for (const { data } of Object.values(inputs)) bytesOf(data).fill(0);
        const { timings } = await runRemote(usable(), inputs, signal === undefined ? {} : { signal });
        pool.put(inputs);
        times.push(timings.runMs);
      }
      return times;
    },
    allocateInputs: () => usable().pool.take(),
    infer,
    health: () => ({
      state: closing.signal.aborted
        ? 'disposed'
        : loaded === undefined
          ? 'empty'
          : lastFault === undefined
            ? 'ready'
            : 'degraded',
      detail:
        loaded === undefined ? `no model on ${base.host}` : (lastFault ?? `${loaded.model.variant} on ${base.host}`),
      inFlight,
      completed,
      failed,
      restarts: 0,
    }),
    dispose: async () => {
      closing.abort(disposed());
      while (inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
      peer.close();
    },
  };
}

/** JSON numbers of a server that ignores the binary request would be longer; such a reply is refused. */
function maxOutputBytes(model: VerifiedModel): number {
  return model.outputs.reduce((sum, { dtype, dims }) => {
    const elements = dims.includes(-1) ? 1 << 24 : elementsOf(dims);
    return sum + elements * (isTensorDtype(dtype) ? bytesPerElement[dtype] : 8);
  }, 0);
}
