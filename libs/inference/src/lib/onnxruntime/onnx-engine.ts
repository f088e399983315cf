import type {
  Clock,
  EngineHealth,
  InferenceEngine,
  InferenceResult,
  InferOptions,
  Logger,
  Tensors,
  VerifiedModel,
} from '@edge-blueprints/contracts';
import { DeviceError, parseConfig, silentLogger, systemClock, UsageError } from '@edge-blueprints/contracts';
import type { HostedModel } from './hosted-model.js';
import { hostModel } from './hosted-model.js';
import type { InputPool } from '../input-pool.js';
import { createInputPool } from '../input-pool.js';
import { machineIsBusy } from './host-fingerprint.js';
import { inputProblems } from '../model-check.js';
import type { OnnxEngineConfigInput } from './onnx-engine-config.js';
import { onnxEngineConfigSchema } from './onnx-engine-config.js';
import type { RuntimeProbe } from './provider-probe.js';
import { failedReply, probeProviders } from './provider-probe.js';
import { createRunQueue, disposed } from './run-queue.js';
import type { StartSessionThread } from './session-thread.js';
import { startSessionThread } from './session-thread.js';
import { allocateTensors } from '../tensor-buffers.js';

export interface OnnxEngineDeps {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Where thread settings and optimised models are remembered; only this service should be able to write there. */
  readonly cacheFolder?: string;
  readonly startThread?: StartSessionThread;
  /** Whether timings taken now are worth remembering; by default by the load average. */
  readonly machineBusy?: () => boolean;
}

/**
 * Runs ONNX models with onnxruntime in a worker thread, because `session.run` blocks the thread it is called on. Buffers
 * are transferred, never copied. One run at a time; `waiting` more calls may wait, the rest are refused.
 * @throws ConfigError `config.invalid`
 */
export function createOnnxEngine(config: OnnxEngineConfigInput = {}, deps: OnnxEngineDeps = {}): InferenceEngine {
  const settings = parseConfig(onnxEngineConfigSchema, config, 'the onnxruntime engine');
  const { clock = systemClock, logger = silentLogger, startThread = startSessionThread, cacheFolder } = deps;
  const { machineBusy = machineIsBusy } = deps;
  const queue = createRunQueue(settings.waiting, clock);
  let loading: Promise<HostedModel> | undefined;
  let hosted: HostedModel | undefined;
  let pool: InputPool | undefined;
  let probe: Promise<RuntimeProbe> | undefined;
  let disposing: Promise<void> | undefined;
  let loadFault: string | undefined;
  let inFlight = 0;
  let completed = 0;
  let failed = 0;

  const usable = (): { readonly host: HostedModel; readonly buffers: InputPool } => {
    if (disposing !== undefined) throw disposed();
    if (hosted === undefined || pool === undefined) {
      throw new UsageError('infer.not-loaded', 'The engine holds no model yet. Await load() first.');
    }
    return { host: hosted, buffers: pool };
  };

  const runOnce = async (host: HostedModel, buffers: InputPool, inputs: Tensors, options: InferOptions) => {
    const calledMs = clock.monotonicMs();
    return queue.submit<InferenceResult>({
      ...options,
      unstarted: () => {
        buffers.reclaim(inputs);
      },
      run: async (wanted) => {
        const startedMs = clock.monotonicMs();
        const reply = await host.run(inputs, wanted);
        const endedMs = clock.monotonicMs();
        if (reply === undefined) {
          buffers.reclaim(inputs);
          throw disposed(); // the caller was let go before and does not see this
        }
        if (reply.inputs !== undefined) buffers.put(reply.inputs);
        if (reply.kind === 'failed') throw failedReply(reply);
        const { outputs, runMs } = reply;
        const timings = {
          queueMs: startedMs - calledMs,
          transferMs: Math.max(0, endedMs - startedMs - runMs),
          runMs,
          totalMs: endedMs - calledMs,
        };
        const { provider, modelDigest, variant } = host.loaded;
        return { outputs, timings, provider, modelDigest, variant, degradation: host.degradation };
      },
    });
  };

  const health = (): EngineHealth => {
    const supervised = hosted?.status();
    const counts = { inFlight, completed, failed, restarts: supervised?.restarts ?? 0 };
    const as = (state: EngineHealth['state'], detail: string): EngineHealth => ({ state, detail, ...counts });
    if (disposing !== undefined) return as('disposed', 'disposed');
    if (loadFault !== undefined) return as('failed', loadFault);
    if (hosted === undefined) return as(loading === undefined ? 'empty' : 'loading', 'no model');
    if (supervised?.state === 'failed') return as('failed', supervised.detail);
    if (supervised?.state === 'restarting') return as('loading', `restarting the worker: ${supervised.detail}`);
    const { level, reason } = hosted.degradation;
    return as(level > 0 ? 'degraded' : 'ready', level > 0 ? `${hosted.describe()}: ${reason}` : hosted.describe());
  };

  return {
    health,
    capabilities: async () => {
      probe ??= probeProviders(startThread);
      const { runtime, providers } = await probe;
      const loads = providers.filter((entry) => entry.loads).map((entry) => entry.provider);
      return { runtime, providers: loads, maxConcurrency: 1 };
    },
    load: async (model: VerifiedModel) => {
      if (disposing !== undefined) throw disposed();
      if (loading !== undefined) {
        throw new UsageError('infer.already-loaded', 'An engine holds one model for life. Create another engine.');
      }
      loadFault = undefined;
      loading = hostModel(model, settings, { logger, cacheFolder, startThread, machineBusy });
      try {
        hosted = await loading;
        pool = createInputPool(model.inputs, settings.waiting + 2);
        return hosted.loaded;
      } catch (error) {
        loading = undefined;
        loadFault = error instanceof Error ? error.message : String(error);
        throw error;
      }
    },
    warmUp: async (runs, signal) => {
      const { host, buffers } = usable();
      const turn = signal === undefined ? {} : { signal };
      await queue.submit({ ...turn, run: async () => host.tune(), unstarted: () => undefined });
      const runMs: number[] = [];
      for (let i = 0; i < runs; i += 1) {
        const zeros = allocateTensors(host.inputs);
        runMs.push((await runOnce(host, buffers, zeros, turn)).timings.runMs);
      }
      return runMs;
    },
    allocateInputs: () => usable().buffers.take(),
    infer: async (inputs, options = {}) => {
      inFlight += 1;
      try {
        const { host, buffers } = usable();
        requireInputs(host, inputs);
        const result = await runOnce(host, buffers, inputs, options);
        completed += 1;
        return result;
      } catch (error) {
        failed += 1;
        throw error;
      } finally {
        inFlight -= 1;
      }
    },
    dispose: async () => {
      disposing ??= (async () => {
        const opened = await loading?.catch(() => undefined);
        opened?.endRestarts();
        await queue.close();
        await opened?.stop();
        await probe?.catch(() => undefined);
      })();
      await disposing;
    },
  };
}

function requireInputs(host: HostedModel, inputs: Tensors): void {
  const problems = inputProblems(host.inputs, inputs);
  if (problems.length === 0) return;
  throw new DeviceError('infer.input-mismatch', `The inputs do not fit the model: ${problems.join('; ')}.`, {
    context: { problems },
  });
}
