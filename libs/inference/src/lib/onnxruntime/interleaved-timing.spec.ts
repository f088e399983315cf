import { describe, expect, it } from 'vitest';
import { timeInTurns, turnOrder } from './interleaved-timing.js';

/** A clock that only the models move. */
function machine(costs: Readonly<Record<string, (run: number) => number>>) {
  let nowMs = 0;
  const ran: string[] = [];
  const models = Object.entries(costs).map(([name, cost]) => {
    let runs = 0;
    return {
      name,
      run: async () => {
        ran.push(name);
        nowMs += cost(runs++);
      },
    };
  });
  return { models, ran, nowMs: () => nowMs, rest: async () => void (nowMs += 1000) };
}

describe('timing models in turns', () => {
  it('runs every model once a round and counts neither the warm-up nor the rest', async () => {
    const { models, ran, ...clock } = machine({ slow: (i) => (i < 2 ? 500 : 10), fast: () => 4 });
    const [slow, fast] = await timeInTurns(models, { ...clock, rounds: 6, warmUp: 2, reference: 'slow' });
    expect(ran).toHaveLength(16);
    expect(ran.filter((name) => name === 'fast')).toHaveLength(8);
    expect(slow).toMatchObject({ runs: 6, minMs: 10, p50Ms: 10, ratio: { min: 1, median: 1 } });
    expect(fast).toMatchObject({ minMs: 4, ratio: { min: 0.4, median: 0.4 } });
  });

  it('gives no percentile that the count cannot support', async () => {
    const { models, ran: _ran, ...clock } = machine({ a: (i) => i });
    const few = await timeInTurns(models, { ...clock, rounds: 131, warmUp: 0, reference: 'a' });
    expect(few[0]).toMatchObject({ p95Ms: null, p99Ms: null });
    const many = await timeInTurns(models, { ...clock, rounds: 662, warmUp: 0, reference: 'a' });
    expect(many[0]?.p99Ms).toBe(131 + Math.ceil(0.99 * 662) - 1);
  });

  it('lets each model follow different ones', () => {
    const before = new Map<number, Set<number>>();
    for (let round = 0; round < 6; round++) {
      const order = turnOrder(3, round);
      expect([...order].sort()).toEqual([0, 1, 2]);
      order.slice(1).forEach((model, i) => {
        const last = order[i];
        if (last !== undefined) before.set(model, (before.get(model) ?? new Set()).add(last));
      });
    }
    expect([...before.values()].map((set) => set.size)).toEqual([2, 2, 2]);
  });
});
