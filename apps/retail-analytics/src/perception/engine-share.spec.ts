import type { Frame } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { createEngineShare } from './engine-share.js';
import { createTurnOrder } from './turn-order.js';

const flush = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

describe('turn order', () => {
  it('gives cameras that always have a frame turns in the ratio of their floors, within one turn of each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 400 }),
        (floors, turns) => {
          const rates = Object.fromEntries(floors.map((floor, i) => [`c${i}`, floor]));
          const order = createTurnOrder(rates);
          const ids = Object.keys(rates);
          const had = new Map(ids.map((id) => [id, 0]));
          for (let i = 0; i < turns; i += 1) {
            const id = order.next(ids) ?? '';
            had.set(id, (had.get(id) ?? 0) + 1);
          }
          for (const a of ids)
            for (const b of ids) {
              const [ra, rb] = [rates[a] ?? 1, rates[b] ?? 1];
              const apart = Math.abs((had.get(a) ?? 0) / ra - (had.get(b) ?? 0) / rb);
              expect(apart).toBeLessThanOrEqual(1 / ra + 1 / rb + 1e-9);
            }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not let a camera that was away save up turns', () => {
    const order = createTurnOrder({ a: 8, b: 8 });
    for (let i = 0; i < 100; i += 1) order.next(['a']);
    order.arrived('b');
    const next = Array.from({ length: 6 }, () => order.next(['a', 'b']));
    expect(next.filter((id) => id === 'b').length).toBe(3);
  });
});

/** Cameras and an engine in virtual time. @returns frames that each camera got looked at, a second */
async function runShare(options: {
  readonly cameras: readonly { readonly id: string; readonly floorFramesPerS: number; readonly fps: number }[];
  readonly runMs: number;
  readonly seconds: number;
}): Promise<Readonly<Record<string, number>>> {
  let nowMs = 0;
  const share = createEngineShare({ cameras: options.cameras, slots: 1, maxAgeMs: 1_000, nowMs: () => nowMs });
  const stop = new AbortController();
  const seen: Record<string, number> = {};
  const engine: { busyUntilMs: number; done: () => void }[] = [];
  const loops = options.cameras.map(async ({ id }) => {
    seen[id] = 0;
    for await (const frame of share.frames(id, stop.signal)) {
      expect(frame.source).toBe(id);
      await new Promise<void>((resolve) => engine.push({ busyUntilMs: nowMs + options.runMs, done: resolve }));
      seen[id] = (seen[id] ?? 0) + 1;
    }
  });
  const nextAt = options.cameras.map(({ fps }, i) => (1_000 / fps) * (i / options.cameras.length));
  for (; nowMs < options.seconds * 1_000; nowMs += 1) {
    for (const [i, { id, fps }] of options.cameras.entries()) {
      if (nowMs < (nextAt[i] ?? 0)) continue;
      nextAt[i] = (nextAt[i] ?? 0) + 1_000 / fps;
      share.offer(id, aFrame({ source: id, capturedAtMs: nowMs }));
    }
    await flush();
    while (engine[0] !== undefined && engine[0].busyUntilMs <= nowMs) engine.shift()?.done();
    await flush();
  }
  stop.abort();
  while (engine.length > 0) engine.shift()?.done();
  await Promise.all(loops);
  return Object.fromEntries(Object.entries(seen).map(([id, count]) => [id, count / options.seconds]));
}

describe('engine share', () => {
  it('keeps every camera at its floor when the engine suffices, also beside one that floods it', async () => {
    const rates = await runShare({
      cameras: [
        { id: 'entrance', floorFramesPerS: 8, fps: 8 },
        { id: 'aisles', floorFramesPerS: 8, fps: 8 },
        { id: 'flood', floorFramesPerS: 8, fps: 200 },
      ],
      runMs: 40,
      seconds: 12,
    });
    expect(rates['entrance']).toBeGreaterThanOrEqual(7.8);
    expect(rates['aisles']).toBeGreaterThanOrEqual(7.8);
    expect(rates['flood']).toBeGreaterThanOrEqual(7.8);
  });

  it('slows all cameras by the same factor when the engine does not suffice', async () => {
    const rates = await runShare({
      cameras: [
        { id: 'a', floorFramesPerS: 8, fps: 10 },
        { id: 'b', floorFramesPerS: 8, fps: 30 },
        { id: 'c', floorFramesPerS: 4, fps: 10 },
      ],
      runMs: 100,
      seconds: 12,
    });
    expect(rates['a']).toBeCloseTo(4, 0);
    expect(rates['b']).toBeCloseTo(4, 0);
    expect(rates['c']).toBeCloseTo(2, 0);
  });

  it('hands out the newest frame, counts the ones it replaced, and lets go of old ones', async () => {
    let nowMs = 0;
    const share = createEngineShare({
      cameras: [{ id: 'a', floorFramesPerS: 8 }],
      slots: 1,
      maxAgeMs: 500,
      nowMs: () => nowMs,
    });
    const stop = new AbortController();
    const frames = share.frames('a', stop.signal);
    share.offer('a', aFrame({ sequence: 1, capturedAtMs: 0 }));
    share.offer('a', aFrame({ sequence: 2, capturedAtMs: 10 }));
    expect((await frames.next()).value?.sequence).toBe(2);
    share.offer('a', aFrame({ sequence: 3, capturedAtMs: 20 }));
    nowMs = 2_000;
    const next = frames.next();
    await flush();
    share.offer('a', aFrame({ sequence: 4, capturedAtMs: 1_990 }));
    expect((await next).value?.sequence).toBe(4);
    expect(share.drops('a')).toEqual({ superseded: 1, late: 1 });
    stop.abort();
    expect((await frames.next()).done).toBe(true);
  });

  it('does not change a frame that is being looked at when newer ones come', async () => {
    const share = createEngineShare({
      cameras: [{ id: 'a', floorFramesPerS: 8 }],
      slots: 1,
      maxAgeMs: 500,
      nowMs: () => 0,
    });
    const stop = new AbortController();
    const of = (level: number): Frame => aFrame({ pixels: new Uint8Array(64 * 64).fill(level) });
    const reused = of(1);
    share.offer('a', reused);
    reused.pixels.fill(9);
    for await (const frame of share.frames('a', stop.signal)) {
      share.offer('a', of(2));
      share.offer('a', of(3));
      expect([...new Set(frame.pixels)]).toEqual([1]);
      break;
    }
    for await (const frame of share.frames('a', stop.signal)) {
      expect([...new Set(frame.pixels)]).toEqual([3]);
      break;
    }
  });
});
