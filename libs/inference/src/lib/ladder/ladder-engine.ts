import type {
  Clock,
  EngineHealth,
  InferenceEngine,
  InferenceResult,
  InferOptions,
  LoadedModel,
  Logger,
  Tensors,
  VerifiedModel,
} from '@edge-blueprints/contracts';
import {
  DeviceError,
  errorCode,
  errorMessage,
  silentLogger,
  systemClock,
  UsageError,
} from '@edge-blueprints/contracts';
import type { Ladder, LadderChange, LadderRung } from './ladder.js';
import { createLadder } from './ladder.js';
import type { LadderPolicyInput } from './ladder-policy.js';

/** A model on an engine, or the safe state that runs nothing. Rungs that differ in rate only share their engine. */
export type EngineRung =
  | {
      readonly id: string;
      readonly engine: InferenceEngine;
      readonly model: VerifiedModel;
      readonly relativeCost?: number;
      /** Shortest time between two runs; calls in between are refused as `infer.rate-limited`. */
      readonly minIntervalMs?: number;
    }
  | { readonly id: string; readonly safe: true };

type RunRung = Extract<EngineRung, { engine: InferenceEngine }>;

/** An `InferenceEngine` that changes between models by itself and says so in every result. */
export interface LadderEngine extends InferenceEngine {
  level(): number;
  /** Leaves the safe state, or any lower rung, for the best rung: an operator's decision. */
  reset(): void;
  /** With `judge: 'frame-age'`: the age of the frame when its result was used, ms. */
  observeFrameAge(ageMs: number): void;
}

export interface LadderEngineOptions {
  readonly rungs: readonly EngineRung[];
  readonly policy: LadderPolicyInput;
  /** What the budget is about: the engine's own time per call, or frame ages that the caller reports. */
  readonly judge?: 'run-time' | 'frame-age';
  /** A rung whose model does not load: refuse to start, or start lower, say so, and try it again on the way up. */
  readonly start?: 'refuse' | 'visible';
  readonly onChange?: (change: LadderChange) => void;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Not the model's or the machine's fault, so they do not move the ladder. */
const notJudged = ['infer.aborted', 'infer.disposed', 'infer.input-mismatch', 'infer.rate-limited', 'infer.safe-state'];
const late = ['infer.deadline', 'infer.overloaded'];

/**
 * One engine over several. Input tensors remember the rung they were made for, so a call that crosses a change still runs
 * where its shape fits. The caller has to read the sizes from `allocateInputs` each time.
 * @throws UsageError `infer.ladder-invalid`, ConfigError `config.invalid`
 */
export function createLadderEngine(options: LadderEngineOptions): LadderEngine {
  const { rungs, judge = 'run-time', clock = systemClock, logger = silentLogger } = options;
  const ladder: Ladder = createLadder(rungs.map(toLadderRung), options.policy);
  const runRungs = rungs.flatMap((rung) => ('engine' in rung ? [rung] : []));
  const best = requireBest(runRungs);
  const engines = [...new Set(runRungs.map((rung) => rung.engine))];
  const loaded = new Map<InferenceEngine, LoadedModel>();
  const opening = new Map<InferenceEngine, Promise<LoadedModel>>();
  const madeFor = new WeakMap<Tensors, number>();
  let lastStartMs = -Infinity;
  let disposing: Promise<void> | undefined;
  let started: 'no' | 'loading' | 'yes' | 'failed' = 'no';
  let lastChange = '';
  let inFlight = 0;
  let completed = 0;
  let failed = 0;

  const announce = (change: LadderChange | undefined): void => {
    if (change === undefined) return;
    lastChange = change.reason;
    logger.warn('infer.ladder-change', { ...change });
    options.onChange?.(change);
  };
  const observeError = (code: string): void => {
    const atMs = clock.monotonicMs();
    announce(ladder.observe(late.includes(code) ? { kind: 'late', atMs } : { kind: 'error', atMs, code }));
  };

  const open = async ({ engine, model }: RunRung): Promise<LoadedModel> => {
    const running = opening.get(engine);
    if (running !== undefined) return running;
    const attempt = engine.load(model).then((found) => {
      loaded.set(engine, found);
      return found;
    });
    opening.set(engine, attempt);
    return attempt.finally(() => opening.delete(engine));
  };

  /** The rung of the level, or the next lower one whose model is loaded; a missing model is tried again meanwhile. */
  const route = (from: number): { readonly rung: RunRung; readonly index: number } => {
    if (disposing !== undefined) throw new DeviceError('infer.disposed', 'The engine was disposed. Create a new one.');
    if (started !== 'yes')
      throw new UsageError('infer.not-loaded', 'The engine holds no model yet. Await load() first.');
    for (const [index, rung] of rungs.entries()) {
      if (index < from || !('engine' in rung)) continue;
      if (loaded.has(rung.engine)) return { rung, index };
      if (index === from && !opening.has(rung.engine)) {
        open(rung).catch((error: unknown) => {
          if (ladder.level() === index) observeError(errorCode(error));
        });
      }
    }
    throw new DeviceError(
      'infer.safe-state',
      `No model runs any more (${lastChange}). Parts must be treated as not inspected until an operator resets the engine.`,
      { context: { level: ladder.level() } },
    );
  };

  const isSafe = (): boolean => ladder.rung().kind === 'safe';

  const requireRate = ({ id, minIntervalMs = 0 }: RunRung): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - lastStartMs < minIntervalMs) {
      throw new DeviceError('infer.rate-limited', `The rung ${id} runs at most once in ${minIntervalMs} ms.`, {
        retry: 'safe',
      });
    }
    lastStartMs = nowMs;
  };

  const runOn = async (inputs: Tensors, inferOptions: InferOptions): Promise<InferenceResult> => {
    const level = ladder.level();
    const { rung, index } = route(isSafe() ? level : (madeFor.get(inputs) ?? fittingLevel(rungs, level, inputs)));
    requireRate(rung);
    try {
      const result = await rung.engine.infer(inputs, inferOptions);
      if (judge === 'run-time' && index === ladder.level()) {
        announce(ladder.observe({ kind: 'result', atMs: clock.monotonicMs(), ms: result.timings.totalMs }));
      }
      const own = result.degradation;
      const reason = index === 0 ? own.reason : `${rung.id}: ${own.reason}`;
      return { ...result, degradation: { level: index + own.level, reason } };
    } catch (error) {
      const code = errorCode(error);
      if (!notJudged.includes(code) && index === ladder.level()) observeError(code);
      throw error;
    }
  };

  return {
    level: () => ladder.level(),
    reset: () => {
      announce(ladder.reset(clock.monotonicMs()));
    },
    observeFrameAge: (ageMs) => {
      if (judge !== 'frame-age') return;
      announce(ladder.observe({ kind: 'result', atMs: clock.monotonicMs(), ms: ageMs }));
    },
    capabilities: async () => {
      const rung = rungs[ladder.level()];
      return (rung !== undefined && 'engine' in rung ? rung : best).engine.capabilities();
    },
    load: async (model) => {
      if (best.model.modelDigest !== model.modelDigest) {
        throw new UsageError(
          'infer.model-mismatch',
          'A ladder loads the models of its rungs: pass the first one’s model.',
        );
      }
      started = 'loading';
      const found: LoadedModel[] = [];
      for (const rung of runRungs) {
        if (loaded.has(rung.engine)) continue;
        try {
          found.push(await open(rung));
        } catch (error) {
          logger.error('infer.rung-not-loaded', { rung: rung.id, reason: errorMessage(error) });
          if (options.start !== 'visible') {
            started = 'failed';
            throw error;
          }
        }
      }
      const [top] = found;
      started = top === undefined ? 'failed' : 'yes';
      if (top === undefined) throw new DeviceError('infer.failed', 'Not one rung of the ladder could load its model.');
      return top;
    },
    warmUp: async (runs, signal) => {
      const { rung } = route(ladder.level());
      const runMs = await rung.engine.warmUp(runs, signal);
      for (const engine of loaded.keys()) if (engine !== rung.engine) await engine.warmUp(runs, signal);
      return runMs;
    },
    allocateInputs: () => {
      const { rung, index } = route(ladder.level());
      const inputs = rung.engine.allocateInputs();
      madeFor.set(inputs, index);
      return inputs;
    },
    infer: async (inputs, inferOptions = {}) => {
      inFlight += 1;
      try {
        const result = await runOn(inputs, inferOptions);
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
      const restarts = engines.reduce((sum, engine) => sum + engine.health().restarts, 0);
      const as = (state: EngineHealth['state'], detail: string): EngineHealth => ({
        state,
        detail,
        inFlight,
        completed,
        failed,
        restarts,
      });
      if (disposing !== undefined) return as('disposed', 'disposed');
      if (started === 'no') return as('empty', 'no model');
      if (started !== 'yes') return as(started, 'the first rung has no model');
      const rung = rungs[ladder.level()];
      if (rung === undefined || !('engine' in rung)) return as('failed', `safe state: ${lastChange}`);
      const { state, detail } = rung.engine.health();
      return ladder.level() === 0 ? as(state, detail) : as('degraded', `${rung.id}: ${lastChange}; ${detail}`);
    },
    dispose: async () => {
      disposing ??= (async () => {
        await Promise.all(engines.map(async (engine) => engine.dispose()));
        while (inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
      })();
      await disposing;
    },
  };
}

/** The first rung with a model; an engine that stands on several rungs must have the same model on each. */
function requireBest(runRungs: readonly RunRung[]): RunRung {
  const [best] = runRungs;
  const models = new Map<InferenceEngine, string>();
  for (const { id, engine, model } of runRungs) {
    const digest = models.get(engine) ?? model.modelDigest;
    if (digest !== model.modelDigest) {
      throw new UsageError(
        'infer.ladder-invalid',
        `The rung ${id} gives its engine a second model. Use another engine.`,
      );
    }
    models.set(engine, digest);
  }
  if (best === undefined) throw new UsageError('infer.ladder-invalid', 'A ladder needs a rung that runs a model.');
  return best;
}

function toLadderRung(rung: EngineRung): LadderRung {
  if (!('engine' in rung)) return { id: rung.id, kind: 'safe' };
  const { id, relativeCost } = rung;
  return { id, kind: 'run', ...(relativeCost === undefined ? {} : { relativeCost }) };
}

/** For tensors that the caller made by itself: the first rung from the level on whose shapes they have. */
function fittingLevel(rungs: readonly EngineRung[], level: number, inputs: Tensors): number {
  const fitting = rungs.findIndex(
    (rung, index) =>
      index >= level &&
      'engine' in rung &&
      rung.model.inputs.every((spec) =>
        spec.dims.every((size, i) => size === -1 || inputs[spec.name]?.dims[i] === size),
      ),
  );
  return fitting === -1 ? level : fitting;
}
