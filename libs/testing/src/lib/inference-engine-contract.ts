import type { InferenceEngine, InferenceResult, TensorData, Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import { createRandom, errorCode, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { elementCount, fillTensors, withTensor } from './tensor-samples.js';

/** `quick`: a model with a known answer. `slow`: a run takes at least 20 ms, so that calls can meet each other. */
export type ContractModelKind = 'quick' | 'slow';

/** One engine, not yet loaded, and what the suite has to know about it. */
export interface EngineUnderTest {
  readonly engine: InferenceEngine;
  readonly model: VerifiedModel;
  /** The right outputs for the inputs; asked of the quick model only. */
  readonly reference: (inputs: Tensors) => Tensors;
  /** How many calls the engine accepts at the same time (running and waiting) before it refuses. */
  readonly accepts: number;
  /** Kills the part that runs the model; left out where the engine has no part of its own to lose. */
  readonly crash?: () => Promise<void>;
  /** Closes what the engine was given (a server, a folder); the suite disposes the engine itself. */
  readonly close?: () => Promise<void>;
}

type CreateEngine = (kind: ContractModelKind) => Promise<EngineUnderTest>;

/** The behaviour that every `InferenceEngine` owes its callers. Fakes and real adapters run the same suite. */
export function inferenceEngineContract(name: string, create: CreateEngine): void {
  describe(`${name} keeps the contract of InferenceEngine`, () => {
    const opened: EngineUnderTest[] = [];
    const open = async (kind: ContractModelKind): Promise<EngineUnderTest> => {
      const subject = await create(kind);
      opened.push(subject);
      return subject;
    };
    const loaded = async (kind: ContractModelKind): Promise<EngineUnderTest> => {
      const subject = await open(kind);
      await subject.engine.load(subject.model);
      return subject;
    };
    afterEach(async () => {
      for (const subject of opened.splice(0)) {
        await subject.engine.dispose();
        await subject.close?.();
      }
    });

    describeLife(open, loaded);
    describeInference(loaded);
    describeRefusals(loaded);
    describeOverlap(loaded);
    describeEnd(loaded);
  });
}

type Open = (kind: ContractModelKind) => Promise<EngineUnderTest>;

function describeLife(open: Open, loaded: Open): void {
  it('tells its runtime, its providers and how many runs it does at once', async () => {
    const { engine } = await open('quick');
    const capabilities = await engine.capabilities();
    expect(capabilities.runtime).not.toBe('');
    expect(capabilities.providers.length).toBeGreaterThan(0);
    expect(capabilities.maxConcurrency).toBeGreaterThanOrEqual(1);
  });

  it('is empty, then ready, then disposed', async () => {
    const { engine, model } = await open('quick');
    expect(engine.health().state).toBe('empty');
    await engine.load(model);
    expect(engine.health().state).toBe('ready');
    await engine.dispose();
    expect(engine.health().state).toBe('disposed');
  });

  it('refuses to run before a model is loaded', async () => {
    const { engine } = await open('quick');
    expect(await codeOf(engine.infer({}))).toBe('infer.not-loaded');
    expect(() => engine.allocateInputs()).toThrow(expect.objectContaining({ code: 'infer.not-loaded' }));
  });

  it('reports what it loaded', async () => {
    const { engine, model } = await open('quick');
    const found = await engine.load(model);
    expect(found.modelDigest).toBe(model.modelDigest);
    expect(found.variant).toBe(model.variant);
    expect(found.inputs).toEqual(model.inputs);
    expect(found.outputs).toEqual(model.outputs);
    expect(found.loadMs).toBeGreaterThanOrEqual(0);
    expect((await engine.capabilities()).providers).toContain(found.provider);
  });

  it('warms up the number of times it is asked to', async () => {
    const { engine } = await loaded('quick');
    const runMs = await engine.warmUp(3);
    expect(runMs).toHaveLength(3);
    for (const ms of runMs) expect(ms).toBeGreaterThanOrEqual(0);
    expect(await codeOf(engine.warmUp(1, AbortSignal.abort()))).toBe('infer.aborted');
  });
}

function describeInference(loaded: Open): void {
  it('hands out inputs of the model’s shape and type', async () => {
    const { engine, model } = await loaded('quick');
    const inputs = engine.allocateInputs();
    expect(Object.keys(inputs)).toEqual(model.inputs.map((spec) => spec.name));
    for (const spec of model.inputs) {
      expect(inputs[spec.name]).toMatchObject({ dtype: spec.dtype, dims: spec.dims });
      expect(inputs[spec.name]?.data.length).toBe(elementCount(spec.dims));
    }
  });

  it('computes the model and says which one, where and how long', async () => {
    const subject = await loaded('quick');
    const { result, expected } = await judge(subject, 1);
    expectOutputs(result.outputs, expected, subject.model);
    expect(result.modelDigest).toBe(subject.model.modelDigest);
    expect(result.variant).toBe(subject.model.variant);
    expect(result.degradation.level).toBe(0);
    expect(result.provider).not.toBe('');
    const { queueMs, transferMs, runMs, totalMs } = result.timings;
    for (const ms of [queueMs, transferMs, runMs]) expect(ms).toBeGreaterThanOrEqual(0);
    expect(totalMs).toBeGreaterThanOrEqual(runMs);
  });

  it('leaves outputs to the caller: a later call does not write into them', async () => {
    const subject = await loaded('quick');
    const first = await judge(subject, 1);
    await judge(subject, 2);
    expectOutputs(first.result.outputs, first.expected, subject.model);
  });

  it('gives concurrent callers their own answers', async () => {
    const subject = await loaded('quick');
    const answers = await Promise.all(Array.from({ length: subject.accepts }, (_, seed) => judge(subject, seed)));
    for (const { result, expected } of answers) expectOutputs(result.outputs, expected, subject.model);
  });

  it('serves many calls from its bounded pool, failed ones in between', async () => {
    const subject = await loaded('quick');
    for (let round = 0; round < 40; round += 1) {
      const inputs = subject.engine.allocateInputs();
      if (round % 4 === 3) {
        expect(await codeOf(subject.engine.infer(inputs, { signal: AbortSignal.abort() }))).toBe('infer.aborted');
        continue;
      }
      const expected = prepare(subject, inputs, round);
      expectOutputs((await subject.engine.infer(inputs)).outputs, expected, subject.model);
    }
    expect(subject.engine.health()).toMatchObject({ completed: 30, failed: 10, inFlight: 0 });
  });
}

function describeRefusals(loaded: Open): void {
  it('refuses inputs that are missing, unknown, of another type, shape or length, and goes on', async () => {
    const subject = await loaded('quick');
    const { engine, model } = subject;
    const name = model.inputs[0]?.name ?? '';
    const good = (): Tensors => engine.allocateInputs();
    const tensor = good()[name];
    if (tensor === undefined) throw new TypeError('the contract model has no input');
    const other = new Int32Array(elementCount(tensor.dims));
    const wrong: Record<string, Tensors> = {
      missing: {},
      unknown: withTensor(good(), 'not-an-input', tensor),
      type: withTensor(good(), name, { dtype: 'int32', dims: tensor.dims, data: other }),
      shape: withTensor(good(), name, { ...tensor, dims: [...tensor.dims, 2] }),
      length: withTensor(good(), name, { ...tensor, data: tensor.data.slice(1) }),
      'shared memory': withTensor(good(), name, {
        ...tensor,
        dtype: 'uint8',
        data: new Uint8Array(new SharedArrayBuffer(elementCount(tensor.dims))),
      }),
    };
    for (const [fault, inputs] of Object.entries(wrong)) {
      expect(await codeOf(engine.infer(inputs)), fault).toBe('infer.input-mismatch');
    }
    const { result, expected } = await judge(subject, 3);
    expectOutputs(result.outputs, expected, model);
    expect(engine.health()).toMatchObject({ completed: 1, failed: Object.keys(wrong).length, inFlight: 0 });
  });

  it('refuses a call whose deadline has passed', async () => {
    const { engine } = await loaded('quick');
    const late = engine.infer(engine.allocateInputs(), { deadlineMs: systemClock.monotonicMs() - 1 });
    expect(await codeOf(late)).toBe('infer.deadline');
  });

  it('refuses a call that was aborted before it began', async () => {
    const { engine } = await loaded('quick');
    const aborted = engine.infer(engine.allocateInputs(), { signal: AbortSignal.abort() });
    expect(await codeOf(aborted)).toBe('infer.aborted');
  });
}

function describeOverlap(loaded: Open): void {
  it('answers at the deadline although the run goes on, and serves the next call', async () => {
    const { engine } = await loaded('slow');
    const blind = engine.infer(engine.allocateInputs());
    await blind;
    const startedMs = systemClock.monotonicMs();
    expect(await codeOf(engine.infer(engine.allocateInputs(), { deadlineMs: startedMs + 5 }))).toBe('infer.deadline');
    const result = await engine.infer(engine.allocateInputs());
    expect(result.timings.runMs).toBeGreaterThan(0);
    expect(engine.health()).toMatchObject({ completed: 2, failed: 1, inFlight: 0 });
  });

  it('lets go of an aborted caller at once, running or waiting', async () => {
    const { engine, accepts } = await loaded('slow');
    const stop = new AbortController();
    const calls = Array.from({ length: Math.min(accepts, 2) }, () =>
      codeOf(engine.infer(engine.allocateInputs(), { signal: stop.signal })),
    );
    setImmediate(() => {
      stop.abort();
    });
    for (const call of calls) expect(await call).toBe('infer.aborted');
    await engine.infer(engine.allocateInputs());
  });

  it('refuses what exceeds its queue as overloaded, a retry being safe, and answers the rest', async () => {
    const { engine, accepts } = await loaded('slow');
    const extra = 3;
    const calls = Array.from({ length: accepts + extra }, () => engine.infer(engine.allocateInputs()));
    const settled = await Promise.allSettled(calls);
    const refused = settled.flatMap((call) => (call.status === 'rejected' ? [call.reason as unknown] : []));
    expect(refused).toHaveLength(extra);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'infer.overloaded', retry: 'safe' });
    expect(engine.health()).toMatchObject({ completed: accepts, failed: extra, inFlight: 0 });
  });

  it('starts again after its runner died, and counts it', async (context) => {
    const subject = await loaded('quick');
    if (subject.crash === undefined) return context.skip();
    await subject.crash();
    const { result, expected } = await judge(subject, 5);
    expectOutputs(result.outputs, expected, subject.model);
    expect(subject.engine.health()).toMatchObject({ state: 'ready', restarts: 1 });
  });
}

function describeEnd(loaded: Open): void {
  it('disposes once, however often and by however many it is asked', async () => {
    const { engine } = await loaded('quick');
    await Promise.all([engine.dispose(), engine.dispose()]);
    await engine.dispose();
    expect(await codeOf(engine.infer({}))).toBe('infer.disposed');
  });

  it('settles every call when it is disposed during a run', async () => {
    const { engine, accepts } = await loaded('slow');
    const calls = Array.from({ length: accepts }, () => codeOf(engine.infer(engine.allocateInputs())));
    await engine.dispose();
    const codes = await Promise.all(calls);
    for (const code of codes) expect(['none', 'infer.disposed']).toContain(code);
    const { completed, failed, inFlight } = engine.health();
    expect({ settled: completed + failed, inFlight }).toEqual({ settled: accepts, inFlight: 0 });
  });
}

async function judge(
  subject: EngineUnderTest,
  seed: number,
): Promise<{ readonly result: InferenceResult; readonly expected: Tensors }> {
  const inputs = subject.engine.allocateInputs();
  const expected = prepare(subject, inputs, seed);
  return { result: await subject.engine.infer(inputs), expected };
}

/** Fills the inputs and computes the answer before the engine takes their buffers over. */
function prepare(subject: EngineUnderTest, inputs: Tensors, seed: number): Tensors {
  fillTensors(inputs, createRandom(seed));
  return subject.reference(inputs);
}

function expectOutputs(outputs: Tensors, expected: Tensors, model: VerifiedModel): void {
  expect(Object.keys(outputs).sort()).toEqual(model.outputs.map((spec) => spec.name).sort());
  for (const [name, tensor] of Object.entries(expected)) {
    const found = outputs[name];
    expect(found).toMatchObject({ dtype: tensor.dtype, dims: tensor.dims });
    const wanted = numbers(tensor.data).map((value): unknown => expect.closeTo(value, 4));
    expect(numbers(found?.data ?? new Float32Array())).toEqual(wanted);
  }
}

function numbers(data: TensorData): readonly number[] {
  return data instanceof BigInt64Array ? Array.from(data, Number) : Array.from(data);
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: unknown) => errorCode(error),
  );
}
