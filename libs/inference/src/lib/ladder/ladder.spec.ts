import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LadderChange, LadderObservation, LadderRung } from './ladder.js';
import { createLadder } from './ladder.js';

const rungs: readonly LadderRung[] = [
  { id: 'int8-640', kind: 'run' },
  { id: 'int8-320', kind: 'run' },
  { id: 'int8-320-slow', kind: 'run' },
  { id: 'safe', kind: 'safe' },
];
const policy = { budgetMs: 10, window: 10, lateDown: 3, errorsDown: 2, settleMs: 100, holdUpMs: 1000, resultsUp: 5 };

const result = (atMs: number, ms: number): LadderObservation => ({ kind: 'result', atMs, ms });
const failure = (atMs: number): LadderObservation => ({ kind: 'error', atMs, code: 'infer.failed' });

/** Feeds the same observation every 10 ms and returns the moves. */
function feed(
  ladder: ReturnType<typeof createLadder>,
  span: readonly [fromMs: number, toMs: number],
  observe: (atMs: number) => LadderObservation,
): readonly LadderChange[] {
  const changes: LadderChange[] = [];
  for (let atMs = span[0]; atMs < span[1]; atMs += 10) {
    const change = ladder.observe(observe(atMs));
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

describe('createLadder', () => {
  it('goes down as soon as enough of the last results were late, and says why', () => {
    const ladder = createLadder(rungs, policy);
    expect(ladder.observe(result(0, 11))).toBeUndefined();
    expect(ladder.observe(result(10, 9))).toBeUndefined();
    expect(ladder.observe(result(20, 11))).toBeUndefined();
    expect(ladder.observe(result(30, 11))).toEqual({
      atMs: 30,
      direction: 'down',
      from: 0,
      to: 1,
      rung: 'int8-320',
      reason: '3 of the last 4 results were over the budget of 10 ms',
    });
  });

  it('forgets late results that have left the window', () => {
    const ladder = createLadder(rungs, policy);
    ladder.observe(result(0, 11));
    ladder.observe(result(1, 11));
    feed(ladder, [10, 200], (atMs) => result(atMs, 5));
    expect(ladder.observe(result(300, 11))).toBeUndefined();
    expect(ladder.level()).toBe(0);
  });

  it('counts failed runs apart from late ones and names the last fault', () => {
    const ladder = createLadder(rungs, policy);
    ladder.observe(failure(0));
    expect(ladder.observe(failure(1))?.reason).toBe('2 of the last 2 runs failed (infer.failed)');
  });

  it('climbs one rung after the hold time with room to spare, not with results just under the budget', () => {
    const ladder = createLadder(rungs, policy);
    feed(ladder, [0, 30], failure);
    expect(feed(ladder, [30, 5000], (atMs) => result(atMs, 9))).toEqual([]);
    const [up, ...more] = feed(ladder, [5000, 6500], (atMs) => result(atMs, 5));
    expect(up).toMatchObject({ direction: 'up', from: 1, to: 0 });
    expect((up?.atMs ?? 0) - 5000).toBeGreaterThanOrEqual(policy.holdUpMs - 20);
    expect(more).toEqual([]);
  });

  it('foresees what the rung above would take', () => {
    const costly = rungs.map((rung, i) => ({ ...rung, relativeCost: i === 0 ? 4 : 1 }));
    const ladder = createLadder(costly, policy);
    feed(ladder, [0, 30], failure);
    expect(feed(ladder, [30, 5000], (atMs) => result(atMs, 2))).toEqual([]);
    expect(feed(ladder, [5000, 6500], (atMs) => result(atMs, 1))).toHaveLength(1);
  });

  it('waits twice as long before it tries a rung again that it could not keep', () => {
    const ladder = createLadder(rungs, policy);
    // The upper rung is always late, the lower one always fine.
    const moves = feed(ladder, [0, 20_000], (atMs) => result(atMs, ladder.level() === 0 ? 20 : 2));
    const climbs = moves.filter((move) => move.direction === 'up').map((move) => move.atMs);
    expect(climbs.length).toBeGreaterThanOrEqual(3);
    const gaps = climbs.slice(1).map((atMs, i) => atMs - (climbs[i] ?? 0));
    for (const [i, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(policy.holdUpMs * 2 ** (i + 1));
  });

  it('stays in the safe state until an operator resets it', () => {
    const ladder = createLadder(rungs, policy);
    feed(ladder, [0, 1000], failure);
    expect(ladder.rung().id).toBe('safe');
    expect(feed(ladder, [1000, 60_000], (atMs) => result(atMs, 1))).toEqual([]);
    expect(ladder.reset(60_000)).toMatchObject({ direction: 'reset', to: 0 });
    expect(ladder.rung().id).toBe('int8-640');
  });

  it('stays on its last rung when there is no safe one', () => {
    const ladder = createLadder(rungs.slice(0, 2), policy);
    feed(ladder, [0, 5000], failure);
    expect(ladder.rung().id).toBe('int8-320');
  });

  it('refuses a safe rung in the middle and a policy with unknown keys', () => {
    const safe: LadderRung = { id: 'safe', kind: 'safe' };
    expect(() => createLadder([safe, ...rungs], policy)).toThrow(
      expect.objectContaining({ code: 'infer.ladder-invalid' }),
    );
    expect(() => createLadder([], policy)).toThrow(expect.objectContaining({ code: 'infer.ladder-invalid' }));
    const unknown = { ...policy, holdMs: 5 };
    expect(() => createLadder(rungs, unknown)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });

  const observations = fc.array(
    fc.record({
      gapMs: fc.integer({ min: 0, max: 400 }),
      kind: fc.constantFrom('result' as const, 'late' as const, 'error' as const),
      ms: fc.integer({ min: 0, max: 20 }),
    }),
    { minLength: 1, maxLength: 600 },
  );
  const replay = (steps: readonly { gapMs: number; kind: LadderObservation['kind']; ms: number }[]) => {
    const ladder = createLadder(rungs, { ...policy, resultsUp: 1 });
    const changes: LadderChange[] = [];
    let atMs = 0;
    for (const { gapMs, kind, ms } of steps) {
      atMs += gapMs;
      const change = ladder.observe(
        kind === 'result'
          ? { kind, atMs, ms }
          : kind === 'late'
            ? { kind, atMs }
            : { kind, atMs, code: 'infer.failed' },
      );
      if (change !== undefined) changes.push(change);
    }
    return { ladder, changes, spanMs: atMs };
  };

  it('never flaps, whatever it observes: moves are a settle time apart, climbs a hold time', () => {
    fc.assert(
      fc.property(observations, (steps) => {
        const { changes, spanMs } = replay(steps);
        let lastMs = -Infinity;
        for (const change of changes) {
          expect(change.atMs - lastMs).toBeGreaterThanOrEqual(
            change.direction === 'up' ? policy.holdUpMs : policy.settleMs,
          );
          lastMs = change.atMs;
        }
        expect(changes.length).toBeLessThanOrEqual(1 + spanMs / policy.settleMs);
        const climbs = changes.filter((change) => change.direction === 'up').length;
        expect(climbs).toBeLessThanOrEqual(spanMs / policy.holdUpMs);
      }),
    );
  });

  it('moves one rung at a time, tells every move, and never leaves the safe state by itself', () => {
    fc.assert(
      fc.property(observations, (steps) => {
        const { ladder, changes } = replay(steps);
        let level = 0;
        for (const change of changes) {
          expect(change.from).toBe(level);
          expect(rungs[change.from]?.kind).toBe('run');
          expect(Math.abs(change.to - change.from)).toBe(1);
          level = change.to;
        }
        expect(ladder.level()).toBe(level);
      }),
    );
  });

  it('never moves while results keep to the budget', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: policy.budgetMs }), { maxLength: 300 }), (times) => {
        const ladder = createLadder(rungs, policy);
        for (const [i, ms] of times.entries()) expect(ladder.observe(result(i * 50, ms))).toBeUndefined();
      }),
    );
  });
});
