import type {
  Clock,
  EngineHealth,
  InferenceEngine,
  InferenceResult,
  InferOptions,
  Tensors,
  TensorSpec,
  VerifiedModel,
} from '@edge-blueprints/contracts';
import { DeviceError, errorCode, systemClock, UsageError } from '@edge-blueprints/contracts';
import { zeroTensors } from './tensor-samples.js';

export interface FakeEngineOptions {
  /** The answer to the inputs; without it, zeros of the model's output shapes. May throw, to play a failing run. */
  readonly compute?: (inputs: Tensors, call: number) => Tensors;
  readonly runMs?: number;
  /** Calls that may wait behind the running one. */
  readonly queueDepth?: number;
  readonly provider?: string;
  readonly clock?: Clock;
  /** How time passes during a run; real time by default. Tests with a clock of their own pass their own. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** An engine without a runtime: deterministic answers, one run at a time, the manners of the real ones. */
export function createFakeEngine(options: FakeEngineOptions = {}): InferenceEngine {
  const { runMs = 0, queueDepth = 2, provider = 'fake', clock = systemClock } = options;
  const wait = options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  let model: VerifiedModel | undefined;
  let disposed = false;
  let tail: Promise<unknown> = Promise.resolve();
  let occupied = 0;
  let calls = 0;
  let inFlight = 0;
  let completed = 0;
  let failed = 0;

  const usable = (): VerifiedModel => {
    if (disposed) throw new DeviceError('infer.disposed', 'The engine was disposed.');
    if (model === undefined) throw new UsageError('infer.not-loaded', 'Load a model before calling the engine.');
    return model;
  };

  const run = async (current: VerifiedModel, inputs: Tensors, wanted: () => void): Promise<InferenceResult> => {
    const calledMs = clock.monotonicMs();
    occupied += 1;
    const turn = tail.then(async () => {
      wanted();
      if (disposed) throw new DeviceError('infer.disposed', 'The engine was disposed while the call waited.');
      const startedMs = clock.monotonicMs();
      if (runMs > 0) await wait(runMs);
      const outputs = options.compute?.(inputs, calls) ?? zeroTensors(current.outputs);
      calls += 1;
      const endedMs = clock.monotonicMs();
      return { outputs, startedMs, endedMs };
    });
    tail = turn.catch(() => undefined).finally(() => (occupied -= 1));
    const { outputs, startedMs, endedMs } = await turn;
    return {
      outputs,
      timings: {
        queueMs: startedMs - calledMs,
        transferMs: 0,
        runMs: endedMs - startedMs,
        totalMs: endedMs - calledMs,
      },
      provider,
      modelDigest: current.modelDigest,
      variant: current.variant,
      degradation: { level: 0, reason: `${current.variant} on ${provider}` },
    };
  };

  const infer = async (inputs: Tensors, { deadlineMs, signal }: InferOptions): Promise<InferenceResult> => {
    const current = usable();
    requireInputs(inputs, current.inputs);
    const wanted = (): void => {
      if (signal?.aborted === true) throw new DeviceError('infer.aborted', 'The caller aborted the call.');
      if (deadlineMs !== undefined && clock.monotonicMs() > deadlineMs) {
        throw new DeviceError('infer.deadline', `The deadline ${deadlineMs} passed.`);
      }
    };
    wanted();
    if (occupied > queueDepth) {
      throw new DeviceError('infer.overloaded', `${occupied} calls are running or waiting.`, { retry: 'safe' });
    }
    return Promise.race([run(current, inputs, wanted), giveUp(clock, deadlineMs, signal)]);
  };

  return {
    capabilities: async () => ({ runtime: 'fake', providers: [provider], maxConcurrency: 1 }),
    load: async (next) => {
      model = next;
      const { modelDigest, variant, inputs, outputs } = next;
      return { modelDigest, variant, provider, inputs, outputs, loadMs: 0 };
    },
    warmUp: async (runs, signal) => {
      const current = usable();
      const times: number[] = [];
      for (let i = 0; i < runs; i += 1) {
        if (signal?.aborted === true) throw new DeviceError('infer.aborted', 'The warm-up was aborted.');
        times.push((await run(current, zeroTensors(current.inputs), () => undefined)).timings.runMs);
      }
      return times;
    },
    allocateInputs: () => zeroTensors(usable().inputs),
    infer: async (inputs, inferOptions = {}) => {
      inFlight += 1;
      try {
        const result = await infer(inputs, inferOptions);
        completed += 1;
        return result;
      } catch (error) {
        failed += 1;
        if (errorCode(error) !== 'unexpected') throw error;
        throw new DeviceError('infer.failed', 'The run failed.', { cause: error, retry: 'safe' });
      } finally {
        inFlight -= 1;
      }
    },
    health: (): EngineHealth => ({
      state: disposed ? 'disposed' : model === undefined ? 'empty' : 'ready',
      detail: model === undefined ? 'no model' : `${model.variant} on ${provider}`,
      inFlight,
      completed,
      failed,
      restarts: 0,
    }),
    dispose: async () => {
      disposed = true;
      await tail;
      while (inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function requireInputs(inputs: Tensors, specs: readonly TensorSpec[]): void {
  const names = specs.map((spec) => spec.name);
  const problems = Object.keys(inputs).flatMap((name) => (names.includes(name) ? [] : [`${name} is not an input`]));
  for (const spec of specs) {
    const tensor = inputs[spec.name];
    const size = spec.dims.map((want, i) => (want === -1 ? (tensor?.dims[i] ?? 0) : want));
    if (
      tensor?.dtype !== spec.dtype ||
      tensor.dims.join() !== size.join() ||
      tensor.data.length !== size.reduce((product, dim) => product * dim, 1) ||
      tensor.data.buffer instanceof SharedArrayBuffer
    ) {
      problems.push(`${spec.name} is not a private ${spec.dtype} [${spec.dims.join(', ')}]`);
    }
  }
  if (problems.length > 0) throw new DeviceError('infer.input-mismatch', problems.join('; '));
}

/** Rejects when the caller no longer wants the answer; never resolves. */
async function giveUp(clock: Clock, deadlineMs: number | undefined, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener(
      'abort',
      () => {
        reject(new DeviceError('infer.aborted', 'The caller aborted the call.'));
      },
      { once: true },
    );
    if (deadlineMs === undefined) return;
    setTimeout(() => {
      reject(new DeviceError('infer.deadline', `The deadline ${deadlineMs} passed.`));
    }, deadlineMs - clock.monotonicMs()).unref();
  });
}
