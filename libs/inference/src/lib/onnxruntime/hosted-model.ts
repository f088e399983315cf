import { join } from 'node:path';
import type {
  DegradationLevel,
  LoadedModel,
  Logger,
  Tensors,
  TensorSpec,
  VerifiedModel,
} from '@edge-blueprints/contracts';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { hostFingerprint, thisHost } from './host-fingerprint.js';
import type { OnnxEngineConfig } from './onnx-engine-config.js';
import { failedReply } from './provider-probe.js';
import type { FailedReply, LoadedReply, LoadRequest, RanReply, ThreadSetting } from './session-protocol.js';
import type { SessionThread, StartSessionThread } from './session-thread.js';
import { privateBuffers } from '../tensor-buffers.js';
import type { SupervisorStatus } from './thread-supervisor.js';
import { superviseThread } from './thread-supervisor.js';
import { cautiousSetting, chooseThreads, threadCandidates } from './thread-tuning.js';
import { recallTuning, storeTuning } from './tuning-store.js';

/** One model in a supervised worker, on the best provider that the configuration allows. */
export interface HostedModel {
  readonly loaded: LoadedModel;
  /** As the bundle fixes them, which may be narrower than what the model allows. */
  readonly inputs: readonly TensorSpec[];
  readonly degradation: DegradationLevel;
  /** `int8-640 on cpu, 2 threads` */
  describe(): string;
  /** Measures the thread settings once per machine and model; afterwards, and with fixed threads, does nothing. */
  tune(): Promise<void>;
  /** Undefined when nobody wanted the run any more by the time the worker was there. */
  run(inputs: Tensors, wanted: () => boolean): Promise<RanReply | FailedReply | undefined>;
  status(): SupervisorStatus;
  /** First half of the end: whoever waits for a worker that died is let go. */
  endRestarts(): void;
  stop(): Promise<void>;
}

export interface HostDeps {
  readonly logger: Logger;
  readonly cacheFolder: string | undefined;
  readonly startThread: StartSessionThread;
  readonly machineBusy: () => boolean;
}

interface Plan {
  readonly provider: string;
  readonly setting: ThreadSetting;
  readonly cachePath: string | null;
}

/** @throws DeviceError `infer.provider-missing`, `infer.model-invalid`, `infer.model-mismatch`, `infer.runtime-missing` */
export async function hostModel(model: VerifiedModel, config: OnnxEngineConfig, deps: HostDeps): Promise<HostedModel> {
  const { logger, cacheFolder } = deps;
  let plan: Plan | undefined;
  const supervisor = await superviseThread({
    start: deps.startThread,
    policy: config.restart,
    logger,
    prepare: async (thread) => {
      if (plan === undefined) return;
      const reply = await thread.request(loadRequest(model, plan));
      if (reply.kind === 'failed') throw failedReply(reply);
    },
  });
  try {
    const thread = await supervisor.thread();
    const fingerprint = hostFingerprint(thisHost(), thread.runtime, model.modelDigest);
    const remembered = await rememberedSetting(config, cacheFolder, fingerprint, logger);
    const setting = remembered ?? cautiousSetting;
    const cachePath = cacheFolder === undefined ? null : join(cacheFolder, `model-${fingerprint}.ort`);
    const found = await loadOnFirstProvider(thread, model, config, { setting, cachePath });
    const { provider, reply, level, misses } = found;
    let current: Plan = { provider, setting, cachePath };
    plan = current;
    let tuned = remembered !== undefined || provider !== 'cpu';
    logger.info('infer.loaded', {
      variant: model.variant,
      provider,
      cache: reply.cache,
      loadMs: reply.loadMs,
      ...setting,
    });
    if (level > 0) logger.warn('infer.provider-fallback', { provider, misses });

    return {
      loaded: {
        modelDigest: model.modelDigest,
        variant: model.variant,
        provider,
        inputs: reply.inputs,
        outputs: reply.outputs,
        loadMs: reply.loadMs,
      },
      inputs: model.inputs,
      degradation: {
        level,
        reason: `${model.variant} on ${provider}${misses.length === 0 ? '' : ` (${misses.join('; ')})`}`,
      },
      describe: () => {
        const { threads, spinning } = current.setting;
        return `${model.variant} on ${provider}, ${threads} thread${threads === 1 ? '' : 's'}${spinning ? ', spinning' : ''}`;
      },
      tune: async () => {
        if (tuned) return;
        const worker = await supervisor.thread();
        const settings = threadCandidates(thisHost().cores);
        const trial = await worker.request({ kind: 'tune', settings, budgetMs: config.tuneBudgetMs });
        if (trial.kind === 'failed') throw failedReply(trial);
        const choice = trial.kind === 'tuned' ? chooseThreads(trial.samples) : undefined;
        if (choice === undefined) {
          logger.warn('infer.tuning-empty', { budgetMs: config.tuneBudgetMs });
          return;
        }
        const { threads, spinning } = choice;
        const used = await worker.request({ kind: 'use', setting: { threads, spinning } });
        if (used.kind === 'failed') throw failedReply(used);
        current = { ...current, setting: { threads, spinning } };
        plan = current;
        tuned = true;
        logger.info('infer.tuned', { ...choice });
        if (cacheFolder === undefined) return;
        if (deps.machineBusy()) {
          logger.warn('infer.tuning-not-stored', {
            reason: 'the machine was busy; it is measured again at the next start',
          });
          return;
        }
        await storeTuning(cacheFolder, fingerprint, choice).catch((error: unknown) => {
          logger.warn('infer.tuning-not-stored', { reason: errorMessage(error) });
        });
      },
      run: async (inputs, wanted) => {
        const worker = await supervisor.thread();
        if (!wanted()) return undefined;
        const answer = await worker.request({ kind: 'run', inputs }, privateBuffers(inputs));
        if (answer.kind !== 'ran' && answer.kind !== 'failed') {
          throw new DeviceError('infer.failed', `The worker answered a run with ${answer.kind}.`);
        }
        if (answer.kind === 'ran') supervisor.healthy();
        return answer;
      },
      status: () => supervisor.status(),
      endRestarts: () => {
        supervisor.endRestarts();
      },
      stop: async () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

interface Found {
  readonly provider: string;
  readonly level: number;
  readonly reply: LoadedReply;
  /** Providers before it and why they were left. */
  readonly misses: readonly string[];
}

async function loadOnFirstProvider(
  thread: SessionThread,
  model: VerifiedModel,
  config: OnnxEngineConfig,
  rest: Omit<Plan, 'provider'>,
): Promise<Found> {
  const misses: string[] = [];
  const tries = config.fallback === 'visible' ? config.providers : config.providers.slice(0, 1);
  for (const [level, provider] of tries.entries()) {
    const reply = await thread.request(loadRequest(model, { ...rest, provider }));
    if (reply.kind === 'loaded') return { provider, level, reply, misses };
    if (reply.kind === 'failed' && reply.code !== 'infer.provider-missing') throw failedReply(reply);
    misses.push(reply.kind === 'failed' ? reply.message : provider);
  }
  const probe = await thread.request({ kind: 'probe' });
  const loading = probe.kind === 'probed' ? probe.providers.filter((entry) => entry.loads) : [];
  const names = loading.map((entry) => entry.provider);
  const others = config.providers.length > tries.length ? ', or set fallback to visible to accept the next one' : '';
  throw new DeviceError(
    'infer.provider-missing',
    `The configured execution provider does not work here: ${misses.join('; ')}. Providers that load on this machine: ` +
      `${names.join(', ') || 'none'}. Configure one of them${others}.`,
    { context: { configured: config.providers, loading: names } },
  );
}

async function rememberedSetting(
  config: OnnxEngineConfig,
  cacheFolder: string | undefined,
  fingerprint: string,
  logger: Logger,
): Promise<ThreadSetting | undefined> {
  if (config.threads !== 'auto') return { threads: config.threads, spinning: config.spinning };
  if (cacheFolder === undefined) return undefined;
  const recall = await recallTuning(cacheFolder, fingerprint);
  if (recall.kind === 'unusable') logger.warn('infer.tuning-unusable', { reason: recall.reason });
  return recall.kind === 'known' ? recall.choice : undefined;
}

function loadRequest(model: VerifiedModel, { provider, setting, cachePath }: Plan): LoadRequest {
  const { bytes, inputs, outputs } = model;
  const { threads, spinning } = setting;
  return { kind: 'load', bytes, inputs, outputs, provider, setting: { threads, spinning }, cachePath };
}
