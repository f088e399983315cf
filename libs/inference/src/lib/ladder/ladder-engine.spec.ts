import type { InferenceEngine, VerifiedModel } from '@edge-blueprints/contracts';
import { DeviceError, errorCode } from '@edge-blueprints/contracts';
import { createFakeEngine, inferenceEngineContract, quickModel, quickReference } from '@edge-blueprints/testing';
import { describe, expect, it } from 'vitest';
import type { EngineRung } from './ladder-engine.js';
import { createLadderEngine } from './ladder-engine.js';
import type { LadderChange } from './ladder.js';

const policy = { budgetMs: 10, window: 10, lateDown: 3, errorsDown: 2, settleMs: 1, holdUpMs: 1000, resultsUp: 5 };
const smallModel: VerifiedModel = {
  ...quickModel,
  variant: 'small',
  modelDigest: '1'.repeat(64),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 2, 2] }],
};

/** A clock that the test moves. */
function handClock() {
  let nowMs = 1000;
  return {
    monotonicMs: () => nowMs,
    epochMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

inferenceEngineContract('the ladder engine', async (kind) => ({
  engine: createLadderEngine({
    rungs: [
      {
        id: 'best',
        model: quickModel,
        engine: createFakeEngine({ compute: quickReference, runMs: kind === 'slow' ? 40 : 0 }),
      },
      { id: 'small', model: smallModel, engine: createFakeEngine() },
      { id: 'safe', safe: true },
    ],
    policy: { budgetMs: 100_000, errorsDown: 100 },
  }),
  model: quickModel,
  reference: quickReference,
  accepts: 3,
}));

describe('createLadderEngine', () => {
  const clock = handClock();
  const timed = (runMs: () => number, model: VerifiedModel): InferenceEngine =>
    createFakeEngine({
      clock,
      runMs: 1,
      wait: async () => {
        clock.pass(runMs());
      },
      provider: model.variant,
    });

  const setUp = async (slowMs: { best: number }, more: readonly EngineRung[] = []) => {
    const changes: LadderChange[] = [];
    const best = timed(() => slowMs.best, quickModel);
    const small = timed(() => 2, smallModel);
    const engine = createLadderEngine({
      rungs: [
        { id: 'best', model: quickModel, engine: best },
        { id: 'small', model: smallModel, engine: small },
        ...more,
      ],
      policy,
      clock,
      onChange: (change) => changes.push(change),
    });
    await engine.load(quickModel);
    return { engine, changes, best, small };
  };
  const inferOne = async (engine: InferenceEngine) => {
    clock.pass(5);
    return engine.infer(engine.allocateInputs());
  };

  it('answers from the smaller model when the best is too slow, says so in results and health, and climbs back', async () => {
    const speed = { best: 20 };
    const { engine, changes } = await setUp(speed);
    for (let i = 0; i < 3; i += 1) expect((await inferOne(engine)).degradation.level).toBe(0);
    expect(changes).toMatchObject([{ direction: 'down', rung: 'small' }]);
    const lower = await inferOne(engine);
    expect(lower).toMatchObject({ variant: 'small', degradation: { level: 1, reason: 'small: small on small' } });
    expect(engine.health().state).toBe('degraded');
    expect(engine.allocateInputs().x?.dims).toEqual([1, 2, 2, 2]);
    speed.best = 3;
    for (let i = 0; i < 200 && engine.level() > 0; i += 1) await inferOne(engine);
    expect(changes.map((change) => change.direction)).toEqual(['down', 'up']);
    expect((await inferOne(engine)).variant).toBe('quick');
    expect(engine.health().state).toBe('ready');
  });

  it('runs tensors where they fit although the ladder has moved since they were handed out', async () => {
    const { engine } = await setUp({ best: 20 });
    const early = engine.allocateInputs();
    for (let i = 0; i < 3; i += 1) await inferOne(engine);
    expect(engine.level()).toBe(1);
    const result = await engine.infer(early);
    expect(result).toMatchObject({ variant: 'quick', degradation: { level: 0 } });
    expect(engine.health()).toMatchObject({ completed: 4, failed: 0, inFlight: 0 });
  });

  it('judges a rung by its own results only, not by late ones of the rung before', async () => {
    const { engine } = await setUp({ best: 20 }, [{ id: 'safe', safe: true }]);
    const early = Array.from({ length: 10 }, () => engine.allocateInputs());
    for (let i = 0; i < 3; i += 1) await inferOne(engine);
    for (const inputs of early) expect((await engine.infer(inputs)).timings.runMs).toBe(20);
    expect(engine.level()).toBe(1);
  });

  it('accounts for every call while it switches', async () => {
    const { engine } = await setUp({ best: 20 });
    const calls = Array.from({ length: 30 }, async () => inferOne(engine).then(() => 'result', errorCode));
    const ends = await Promise.all(calls);
    const { completed, failed, inFlight } = engine.health();
    expect({ completed, failed, inFlight }).toEqual({
      completed: ends.filter((end) => end === 'result').length,
      failed: ends.filter((end) => end !== 'result').length,
      inFlight: 0,
    });
    expect(completed + failed).toBe(30);
  });

  it('refuses calls in the safe state, tensors from before included, until it is reset', async () => {
    const slow = { best: 20 };
    const engine = createLadderEngine({
      rungs: [
        { id: 'best', model: quickModel, engine: timed(() => slow.best, quickModel) },
        { id: 'safe', safe: true },
      ],
      policy,
      clock,
    });
    await engine.load(quickModel);
    const early = engine.allocateInputs();
    for (let i = 0; i < 3; i += 1) await inferOne(engine);
    await expect(engine.infer(early)).rejects.toMatchObject({ code: 'infer.safe-state', retry: 'never' });
    expect(() => engine.allocateInputs()).toThrow(expect.objectContaining({ code: 'infer.safe-state' }));
    expect(engine.health()).toMatchObject({ state: 'failed' });
    engine.reset();
    expect((await inferOne(engine)).degradation.level).toBe(0);
  });

  it('sheds calls that come faster than a rung’s rate, without blaming the rung', async () => {
    const engine = createLadderEngine({
      rungs: [{ id: 'slow rate', model: quickModel, engine: timed(() => 1, quickModel), minIntervalMs: 50 }],
      policy,
      clock,
    });
    await engine.load(quickModel);
    await inferOne(engine);
    await expect(inferOne(engine)).rejects.toMatchObject({ code: 'infer.rate-limited', retry: 'safe' });
    clock.pass(50);
    await inferOne(engine);
    expect(engine.health()).toMatchObject({ completed: 2, failed: 1 });
  });

  it('starts on a lower rung when allowed, and takes the best when it comes back', async () => {
    let reachable = false;
    const fog = timed(() => 1, quickModel);
    const remote: InferenceEngine = {
      ...fog,
      load: async (model) => {
        if (!reachable) throw new DeviceError('infer.unreachable', 'nobody answers', { retry: 'safe' });
        return fog.load(model);
      },
    };
    const rungs = [
      { id: 'fog node', model: quickModel, engine: remote },
      { id: 'local', model: smallModel, engine: timed(() => 2, smallModel) },
    ];
    const refusing = createLadderEngine({ rungs, policy, clock });
    await expect(refusing.load(quickModel)).rejects.toMatchObject({ code: 'infer.unreachable' });
    const engine = createLadderEngine({ rungs, policy, clock, start: 'visible' });
    await engine.load(quickModel);
    for (let i = 0; i < 5; i += 1) expect((await inferOne(engine)).degradation.level).toBe(1);
    expect(engine.level()).toBe(1);
    reachable = true;
    for (let i = 0; i < 300 && engine.level() > 0; i += 1) await inferOne(engine);
    await inferOne(engine);
    expect(await inferOne(engine)).toMatchObject({ variant: 'quick', degradation: { level: 0 } });
  });

  it('refuses rungs that give one engine two models, and a ladder without a model', () => {
    const engine = createFakeEngine();
    const rungs = [
      { id: 'a', model: quickModel, engine },
      { id: 'b', model: smallModel, engine },
    ];
    expect(() => createLadderEngine({ rungs, policy })).toThrow(
      expect.objectContaining({ code: 'infer.ladder-invalid' }),
    );
    const safeOnly = [{ id: 'safe', safe: true as const }];
    expect(() => createLadderEngine({ rungs: safeOnly, policy })).toThrow(
      expect.objectContaining({ code: 'infer.ladder-invalid' }),
    );
  });
});
