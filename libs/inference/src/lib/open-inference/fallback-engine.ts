import {
  UsageError,
  errorCode,
  errorMessage,
  parseConfig,
  silentLogger,
  systemClock,
  type Clock,
  type InferOptions,
  type InferenceEngine,
  type InferenceResult,
  type Logger,
  type Tensors,
  type VerifiedModel,
  withDeadline,
} from '@edge-blueprints/contracts';
import { createInputPool, type InputPool } from '../input-pool.js';
import { inputProblems, modelProblems } from '../model-check.js';
import { bytesOf, copyOf, tensorDataOf } from '../tensor-bytes.js';
import { aborted, deadlinePassed, disposed } from './call-limit.js';
import { createCircuitBreaker, type CircuitState } from './circuit-breaker.js';
import { fallbackPolicySchema, type FallbackPolicyInput } from './fallback-policy.js';
import { refuseIf } from './refuse-if.js';

export interface FallbackEngineDeps {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** The model of the remote engine, where it is another than the local one: a larger variant with the same inputs. */
  readonly remoteModel?: VerifiedModel;
}

export interface FallbackStats {
  readonly remoteAnswers: number;
  /** Answered by the local engine, by the code of what kept the remote one from answering. */
  readonly localAnswers: Readonly<Record<string, number>>;
  readonly circuit: CircuitState;
}

export interface FallbackEngine extends InferenceEngine {
  stats(): FallbackStats;
}

interface Loaded {
  readonly model: VerifiedModel;
  readonly pool: InputPool;
}

/** Errors that are the caller's or the end of the engine, so that another engine cannot help. */
const finalCodes = ['infer.aborted', 'infer.input-mismatch', 'infer.disposed'];
/** Errors that waiting does not heal. */
const standingCodes = ['infer.model-mismatch', 'infer.protocol', 'infer.unauthorised', 'infer.not-loaded'];

/**
 * Asks a remote engine first and answers from a local one of the same model when the remote side is gone, slow or wrong:
 * no call is lost as long as one of the two works. After some failures in a row the remote side is left alone and probed
 * aside, at growing intervals, by loading and running the model on zeros; a part's time is never spent on a probe.
 * A local answer has degradation level 1 or more and its reason. With `whenLost: 'safe-state'` the local engine is one that
 * refuses (`createSafeStateEngine`): the engine counts as failed while the remote side is left alone, and probes by a timer,
 * because a station that is not ready gets no parts.
 * Inputs are copied to each engine (0.1 ms for 0.8 MB), because an engine takes its buffers over.
 * @throws ConfigError `config.invalid`
 */
export function createFallbackEngine(
  remote: InferenceEngine,
  local: InferenceEngine,
  policy: FallbackPolicyInput = {},
  deps: FallbackEngineDeps = {},
): FallbackEngine {
  const settings = parseConfig(fallbackPolicySchema, policy, 'the fallback engine');
  const { clock = systemClock, logger = silentLogger, remoteModel } = deps;
  const stopsWhenLost = settings.whenLost === 'safe-state';
  const circuit = createCircuitBreaker(settings);
  const closing = new AbortController();
  const localAnswers: Record<string, number> = {};
  let remoteAnswers = 0;
  let loaded: Loaded | undefined;
  let probe: Promise<void> | undefined;
  let disposing: Promise<void> | undefined;
  let probing: NodeJS.Timeout | undefined;
  let inFlight = 0;
  let completed = 0;
  let failed = 0;

  const usable = (): Loaded => {
    if (loaded !== undefined) return loaded;
    if (closing.signal.aborted) throw disposed();
    throw new UsageError('infer.not-loaded', 'The engine holds no model yet. Await load() first.');
  };

  const runProbe = async (model: VerifiedModel): Promise<void> => {
    try {
      // A remote engine that restarted has lost its model; one that was only slow may refuse a second load.
      await withDeadline(settings.probeTimeoutMs, closing.signal, async (limit) => {
        await remote.load(remoteModel ?? model).catch((error: unknown) => {
          if (errorCode(error) !== 'infer.already-loaded') throw error;
        });
        await remote.warmUp(1, limit);
      });
      circuit.probeSucceeded();
      clearInterval(probing);
      probing = undefined;
      logger.info('infer.remote.back', { probes: circuit.state().probes });
    } catch (error) {
      circuit.probeFailed(clock.monotonicMs(), errorCode(error));
      logger.info('infer.remote.probe-failed', { code: errorCode(error), message: errorMessage(error) });
    }
  };

  const probeIfDue = (): boolean => {
    const decision = circuit.decide(clock.monotonicMs());
    if (decision === 'probe' && loaded !== undefined) {
      probe = runProbe(loaded.model).finally(() => (probe = undefined));
    }
    return decision === 'use';
  };
  const leave = (code: string, atOnce: boolean): void => {
    circuit.failed(clock.monotonicMs(), code, atOnce);
    if (stopsWhenLost && circuit.state().open) probing ??= setInterval(probeIfDue, settings.firstProbeMs).unref();
  };

  /** The remote answer, or the code of what went wrong. */
  const tryRemote = async (inputs: Tensors, options: InferOptions): Promise<InferenceResult | string> => {
    const nowMs = clock.monotonicMs();
    if (!probeIfDue()) return circuit.state().cause ?? 'infer.unreachable';
    const leftMs = options.deadlineMs === undefined ? Infinity : options.deadlineMs - nowMs;
    const deadlineMs = nowMs + Math.min(leftMs * settings.remoteShare, settings.remoteTimeoutMs);
    try {
      const result = await remote.infer(copied(inputs, remote.allocateInputs()), { ...options, deadlineMs });
      circuit.succeeded();
      return result;
    } catch (error) {
      const code = errorCode(error);
      if (finalCodes.includes(code)) throw error;
      leave(code, standingCodes.includes(code));
      if (circuit.state().open) logger.warn('infer.remote.left', { code, message: errorMessage(error) });
      return code;
    }
  };

  const answer = async (inputs: Tensors, options: InferOptions): Promise<InferenceResult> => {
    const calledMs = clock.monotonicMs();
    const { pool, model } = usable();
    if (options.signal?.aborted === true) throw aborted();
    if (options.deadlineMs !== undefined && calledMs > options.deadlineMs) throw deadlinePassed(options.deadlineMs);
    refuseIf(inputProblems(model.inputs, inputs), 'infer.input-mismatch', 'The inputs do not fit the model');
    const fromRemote = await tryRemote(inputs, options);
    if (typeof fromRemote !== 'string') {
      pool.reclaim(inputs);
      remoteAnswers += 1;
      return fromRemote;
    }
    const mine = copied(inputs, local.allocateInputs());
    pool.reclaim(inputs);
    const result = await local.infer(mine, options);
    localAnswers[fromRemote] = (localAnswers[fromRemote] ?? 0) + 1;
    const { level, reason } = result.degradation;
    const totalMs = clock.monotonicMs() - calledMs;
    const queueMs = result.timings.queueMs + totalMs - result.timings.totalMs;
    return {
      ...result,
      timings: { ...result.timings, queueMs, totalMs },
      degradation: { level: level + 1, reason: `local fallback (${fromRemote}): ${reason}` },
    };
  };

  return {
    capabilities: async () => {
      const here = await local.capabilities();
      const there = await remote.capabilities().catch(() => undefined);
      return {
        runtime: `${there?.runtime ?? 'remote engine away'}, else ${here.runtime}`,
        providers: [...(there?.providers ?? []), ...here.providers],
        maxConcurrency: Math.min(here.maxConcurrency, there?.maxConcurrency ?? here.maxConcurrency),
      };
    },
    load: async (model) => {
      if (remoteModel !== undefined) {
        const problems = modelProblems(model, { inputs: remoteModel.inputs, outputs: model.outputs });
        refuseIf(problems, 'infer.model-mismatch', `${remoteModel.variant} takes other inputs than ${model.variant}`);
      }
      const here = await local.load(model);
      const ready = { model, pool: createInputPool(model.inputs, 3) };
      try {
        const there = await remote.load(remoteModel ?? model);
        loaded = ready;
        return there;
      } catch (error) {
        // Another model on the fog node is a mistake of configuration; a fog node that is away is not.
        if (errorCode(error) === 'infer.model-mismatch') throw error;
        leave(errorCode(error), true);
        logger.warn('infer.remote.left', { code: errorCode(error), message: errorMessage(error) });
        loaded = ready;
        return here;
      }
    },
    warmUp: async (runs, signal) => {
      const here = await local.warmUp(runs, signal);
      if (circuit.state().open) return here;
      try {
        return await remote.warmUp(runs, signal);
      } catch (error) {
        if (errorCode(error) === 'infer.aborted') throw error;
        leave(errorCode(error), true);
        return here;
      }
    },
    allocateInputs: () => usable().pool.take(),
    infer: async (inputs, options = {}) => {
      inFlight += 1;
      try {
        const result = await answer(inputs, options);
        completed += 1;
        return result;
      } catch (error) {
        failed += 1;
        throw error;
      } finally {
        inFlight -= 1;
      }
    },
    health: () => {
      const { open, cause } = circuit.state();
      const { state, detail, restarts } = local.health();
      const away = open && state === 'ready';
      return {
        state: away ? (stopsWhenLost ? 'failed' : 'degraded') : state,
        detail: away
          ? `${stopsWhenLost ? 'safe state' : 'local fallback'} (${cause ?? 'unknown'}): ${detail}`
          : stopsWhenLost
            ? remote.health().detail
            : detail,
        inFlight,
        completed,
        failed,
        restarts,
      };
    },
    dispose: () => {
      closing.abort();
      clearInterval(probing);
      loaded = undefined;
      disposing ??= (async () => {
        await Promise.all([remote.dispose(), local.dispose()]);
        await probe;
      })();
      return disposing;
    },
    stats: () => ({ remoteAnswers, localAnswers: { ...localAnswers }, circuit: circuit.state() }),
  };
}

/**
 * Copies values into the tensors that an engine made, and gives back those very tensors, because an engine may know its own
 * again. Where shapes differ (the engine stands on another variant), copies of the caller's shape go instead.
 */
function copied(inputs: Tensors, targets: Tensors): Tensors {
  const names = Object.keys(inputs);
  if (names.every((name) => targets[name]?.data.byteLength === inputs[name]?.data.byteLength)) {
    for (const name of names) {
      const [from, to] = [inputs[name], targets[name]];
      if (from !== undefined && to !== undefined) bytesOf(to.data).set(bytesOf(from.data));
    }
    return targets;
  }
  const entries = Object.entries(inputs).map(([name, { dtype, dims, data }]) => {
    return [name, { dtype, dims, data: tensorDataOf(dtype, copyOf(bytesOf(data))) }] as const;
  });
  return Object.fromEntries(entries);
}
