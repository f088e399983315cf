import {
  DeviceError,
  systemClock,
  type InferenceEngine,
  type Tensors,
  type VerifiedModel,
} from '@edge-blueprints/contracts';
import { createFakeEngine, inferenceEngineContract } from '@edge-blueprints/testing';
import { describe, expect, it, vi } from 'vitest';
import { createFallbackEngine } from './fallback-engine.js';
import { createSafeStateEngine } from './safe-state-engine.js';

const model: VerifiedModel = {
  bundle: 'contract',
  version: '1.0.0',
  variant: 'fp32-4',
  precision: 'fp32',
  modelDigest: 'a'.repeat(64),
  bytes: new Uint8Array(1),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 4, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [1, 2, 4, 4] }],
};
const reference = (inputs: Tensors): Tensors => ({
  y: {
    dtype: 'float32',
    dims: [1, 2, 4, 4],
    data: Float32Array.from<number | bigint>(inputs['x']?.data ?? [], (value) => 2 * Number(value) + 1),
  },
});
const fake = (kind: string, provider: string, clock = systemClock) =>
  createFakeEngine({ compute: reference, runMs: kind === 'slow' ? 40 : 0, queueDepth: 2, provider, clock });

for (const remoteIs of ['there', 'away'] as const) {
  inferenceEngineContract(`the fallback engine, remote ${remoteIs},`, async (kind) => {
    const local = fake(kind, 'local');
    const remote =
      remoteIs === 'there' ? fake(kind, 'remote') : broken(fake(kind, 'remote'), () => 'infer.unreachable');
    const engine = createFallbackEngine(remote, local, { remoteTimeoutMs: 5000, firstProbeMs: 600_000 });
    // The suite wants level 0 and `ready`, which an engine without its remote side is not: that is checked below.
    const plain: InferenceEngine = {
      ...engine,
      infer: async (...call) => ({
        ...(await engine.infer(...call)),
        degradation: { level: 0, reason: 'not looked at' },
      }),
      health: () => {
        const health = engine.health();
        return remoteIs === 'away' && health.state === 'degraded' ? { ...health, state: 'ready' } : health;
      },
    };
    return { engine: plain, model, reference, accepts: remoteIs === 'there' ? 6 : 3 };
  });
}

/** An engine whose load, warm-up and runs fail while `code` gives one. */
function broken(engine: InferenceEngine, code: () => string | undefined): InferenceEngine {
  const check = () => {
    const now = code();
    if (now !== undefined) throw new DeviceError(now, 'scripted');
  };
  return {
    ...engine,
    capabilities: async () => (check(), engine.capabilities()),
    load: async (wanted) => (check(), engine.load(wanted)),
    warmUp: async (runs, signal) => (check(), engine.warmUp(runs, signal)),
    infer: async (inputs, options) => (check(), engine.infer(inputs, options)),
  };
}

describe('createFallbackEngine', () => {
  const setUp = async (first: string | undefined = undefined) => {
    let fault = first;
    let nowMs = 1000;
    const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };
    const remote = broken(fake('quick', 'remote', clock), () => fault);
    const engine = createFallbackEngine(
      remote,
      fake('quick', 'local'),
      { failureThreshold: 2, firstProbeMs: 100 },
      { clock },
    );
    const load = engine.load(model);
    const one = async () => {
      const { provider, degradation, outputs } = await engine.infer(engine.allocateInputs());
      expect(outputs['y']?.data.length).toBe(32);
      return `${provider} ${degradation.level}`;
    };
    return {
      engine,
      load,
      one,
      setFault: (code: string | undefined) => (fault = code),
      wait: (ms: number) => (nowMs += ms),
      settle: () => new Promise((resolve) => setTimeout(resolve, 5)),
    };
  };

  it('answers from the remote engine while it works', async () => {
    const { engine, load, one } = await setUp();
    expect((await load).provider).toBe('remote');
    expect(await one()).toBe('remote 0');
    expect(engine.stats()).toMatchObject({ remoteAnswers: 1, localAnswers: {} });
  });

  it('answers every call locally and visibly when the remote engine fails, and counts why', async () => {
    const { engine, load, one, setFault } = await setUp();
    await load;
    setFault('infer.unreachable');
    expect([await one(), await one(), await one()]).toEqual(['local 1', 'local 1', 'local 1']);
    const { degradation } = await engine.infer(engine.allocateInputs());
    expect(degradation.reason).toMatch(/^local fallback \(infer\.unreachable\): /);
    expect(engine.stats()).toMatchObject({
      remoteAnswers: 0,
      localAnswers: { 'infer.unreachable': 4 },
      circuit: { open: true, opened: 1, failuresInRow: 2 },
    });
    expect(engine.health().state).toBe('degraded');
  });

  it('comes back after a probe that ran aside', async () => {
    const { engine, load, one, setFault, wait, settle } = await setUp();
    await load;
    setFault('infer.unreachable');
    await one();
    await one();
    wait(100);
    expect(await one()).toBe('local 1');
    await settle();
    expect(engine.stats().circuit).toMatchObject({ open: true, probes: 1 });
    setFault(undefined);
    wait(200);
    expect(await one()).toBe('local 1');
    await settle();
    expect(await one()).toBe('remote 0');
    expect(engine.health().state).toBe('ready');
  });

  it('starts locally when the remote engine is away, and takes it when it comes', async () => {
    const { load, one, setFault, wait, settle } = await setUp('infer.unreachable');
    expect((await load).provider).toBe('local');
    expect(await one()).toBe('local 1');
    setFault(undefined);
    wait(100);
    await one();
    await settle();
    expect(await one()).toBe('remote 0');
  });

  it('refuses to start with a fog node that serves another model', async () => {
    const { load } = await setUp('infer.model-mismatch');
    await expect(load).rejects.toMatchObject({ code: 'infer.model-mismatch' });
  });

  it('leaves a remote engine at once when its model was changed', async () => {
    const { engine, load, one, setFault } = await setUp();
    await load;
    setFault('infer.model-mismatch');
    expect(await one()).toBe('local 1');
    expect(engine.stats().circuit).toMatchObject({ open: true, cause: 'infer.model-mismatch' });
  });

  it('does not ask the local engine for what the caller took back', async () => {
    const { engine, load, setFault } = await setUp();
    await load;
    for (const code of ['infer.aborted', 'infer.input-mismatch', 'infer.disposed']) {
      setFault(code);
      await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code });
    }
    expect(engine.stats()).toMatchObject({
      remoteAnswers: 0,
      localAnswers: {},
      circuit: { open: false, failuresInRow: 0 },
    });
    expect(engine.health()).toMatchObject({ completed: 0, failed: 3 });
  });

  it('does not hold a call that came too late against the remote engine', async () => {
    const { engine, load } = await setUp();
    await load;
    const late = engine.infer(engine.allocateInputs(), { deadlineMs: 999 });
    await expect(late).rejects.toMatchObject({ code: 'infer.deadline' });
    expect(engine.stats().circuit.failuresInRow).toBe(0);
  });

  it('hands an engine its own tensors, which it may know again', async () => {
    const local = fake('quick', 'local');
    const made: Tensors[] = [];
    const got: Tensors[] = [];
    const knowing: InferenceEngine = {
      ...local,
      allocateInputs: () => {
        made.push(local.allocateInputs());
        return made.at(-1)!;
      },
      infer: async (inputs, options) => {
        got.push(inputs);
        return local.infer(inputs, options);
      },
    };
    const engine = createFallbackEngine(
      broken(fake('quick', 'remote'), () => 'infer.unreachable'),
      knowing,
    );
    await engine.load(model);
    await engine.infer(engine.allocateInputs());
    expect(got[0]).toBe(made[0]);
  });

  it('in the safe state judges nothing, counts as failed, and comes back without being asked', async () => {
    let fault: string | undefined;
    const remote = broken(fake('quick', 'remote'), () => fault);
    const engine = createFallbackEngine(remote, createSafeStateEngine(), {
      ...{ whenLost: 'safe-state', failureThreshold: 2, firstProbeMs: 1, maxProbeMs: 1 },
    });
    await engine.load(model);
    expect((await engine.infer(engine.allocateInputs())).provider).toBe('remote');
    fault = 'infer.unreachable';
    for (const state of ['ready', 'failed', 'failed']) {
      await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code: 'infer.safe-state' });
      expect(engine.health().state).toBe(state);
    }
    expect(engine.health().detail).toBe('safe state (infer.unreachable): no model on this machine');
    expect(engine.stats()).toMatchObject({ remoteAnswers: 1, localAnswers: {} });
    await vi.waitFor(() => expect(engine.stats().circuit.probes).toBeGreaterThan(1));
    expect(engine.health().state).toBe('failed');
    fault = undefined;
    await vi.waitFor(() => expect(engine.health().state).toBe('ready'));
    expect((await engine.infer(engine.allocateInputs())).provider).toBe('remote');
    await engine.dispose();
  });

  it('opens in the safe state when the remote engine is away', async () => {
    const remote = broken(fake('quick', 'remote'), () => 'infer.unreachable');
    const engine = createFallbackEngine(remote, createSafeStateEngine(), { whenLost: 'safe-state' });
    expect((await engine.load(model)).provider).toBe('none');
    expect(await engine.warmUp(2)).toEqual([]);
    expect(engine.health().state).toBe('failed');
    await engine.dispose();
  });

  it('asks the remote engine for a larger variant than its own, and refuses one with other inputs', async () => {
    const asked: string[] = [];
    let away = false;
    const far = fake('quick', 'remote');
    const remote: InferenceEngine = {
      ...broken(far, () => (away ? 'infer.unreachable' : undefined)),
      load: async (wanted) => (asked.push(wanted.variant), far.load(wanted)),
    };
    const remoteModel = { ...model, variant: 'fp32-large', modelDigest: 'b'.repeat(64) };
    const engine = createFallbackEngine(remote, fake('quick', 'local'), {}, { remoteModel });
    expect(await engine.load(model)).toMatchObject({ variant: 'fp32-large', provider: 'remote' });
    expect(asked).toEqual(['fp32-large']);
    expect((await engine.infer(engine.allocateInputs())).variant).toBe('fp32-large');
    away = true;
    expect(await engine.infer(engine.allocateInputs())).toMatchObject({ variant: 'fp32-4', provider: 'local' });
    const wider = { ...remoteModel, inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 8, 8] }] };
    const misfit = createFallbackEngine(far, fake('quick', 'local'), {}, { remoteModel: wider });
    await expect(misfit.load(model)).rejects.toMatchObject({ code: 'infer.model-mismatch' });
  });

  it('keeps time for the local engine when the remote one is slow', async () => {
    let nowMs = 0;
    const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };
    const seen: number[] = [];
    const remote = fake('quick', 'remote');
    const slow: InferenceEngine = {
      ...remote,
      infer: async (_, options) => {
        seen.push(options?.deadlineMs ?? Infinity);
        nowMs = options?.deadlineMs ?? nowMs;
        throw new DeviceError('infer.deadline', 'scripted');
      },
    };
    const local = createFakeEngine({ compute: reference, clock });
    const engine = createFallbackEngine(slow, local, { remoteShare: 0.25, remoteTimeoutMs: 15 }, { clock });
    await engine.load(model);
    const result = await engine.infer(engine.allocateInputs(), { deadlineMs: 40 });
    expect(result.degradation.reason).toContain('local fallback (infer.deadline)');
    nowMs = 0;
    await engine.infer(engine.allocateInputs(), { deadlineMs: 4000 });
    expect(seen).toEqual([10, 15]);
  });
});
