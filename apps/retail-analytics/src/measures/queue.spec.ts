import { createRandom, type FloorPoint, type StoreQueue } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createWalkStore, walkPlan, type Walk } from '../testing/walk-store.js';
import type { MeasureEvent } from './measures-port.js';
import { chainOf } from './queue-chain.js';
import { QueueStatistics } from './queue-statistics.js';

const till = { servicePoint: [0, 0], directionDeg: 90 } satisfies Pick<StoreQueue, 'servicePoint' | 'directionDeg'>;
const standers = (places: readonly FloorPoint[]) => places.map((floor, i) => ({ track: i + 1, floor, party: i + 1 }));
const tracks = (places: readonly FloorPoint[]): number[] => chainOf(till, standers(places)).flatMap((l) => l.tracks);

describe('the chain', () => {
  it('starts at the service point and follows a line that bends', () => {
    const bend: FloorPoint[] = [
      [0, 0.2],
      [0, 1],
      [0.1, 1.8],
      [0.6, 2.4],
      [1.3, 2.6],
      [2.1, 2.6],
    ];
    expect(tracks(bend.toReversed())).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('ends where the next is too far or stands beside, and needs somebody at the service point', () => {
    expect(
      tracks([
        [0, 0.3],
        [0, 1.1],
        [0, 2.7],
      ]),
    ).toEqual([1, 2]);
    expect(
      tracks([
        [0, 0.3],
        [0.9, 0.3],
      ]),
    ).toEqual([1]);
    expect(
      tracks([
        [0, 1.9],
        [0, 2.7],
      ]),
    ).toEqual([]);
  });

  it('fault 70: a family is one place of the chain', () => {
    const family = [
      { track: 1, floor: [0, 0.3], party: 1 },
      { track: 2, floor: [0.5, 0.3], party: 1 },
      { track: 3, floor: [-0.4, 0.4], party: 1 },
      { track: 4, floor: [0.2, 0.9], party: 1 },
      { track: 5, floor: [0, 1.5], party: 5 },
    ] as const;
    expect(chainOf(till, family).map((link) => link.tracks.length)).toEqual([4, 1]);
  });
});

/** Walks to a place, stands there, walks on: [second, x, y] points in between are straight. */
function along(...points: readonly (readonly [number, number, number])[]): Walk {
  const random = createRandom(points.length);
  return (s) => {
    const next = points.findIndex(([at]) => at >= s);
    const to = points[next];
    const from = points[next - 1];
    if (!to || (!from && to[0] !== s)) return undefined;
    if (!from) return [to[1], to[2]];
    const share = (s - from[0]) / (to[0] - from[0]);
    const shake = () => random.normal() * 0.03;
    return [from[1] + share * (to[1] - from[1]) + shake(), from[2] + share * (to[2] - from[2]) + shake()];
  };
}
const visits = (events: readonly MeasureEvent[]) => events.filter((e) => e.kind === 'queue');

/** Comes, is served from 5 s to 65 s, goes out past the till. */
const served = along([0, 7, 5], [4, 7, 1.5], [65, 7, 1.5], [68, 5.5, 0.2], [70, 4.5, 0.2]);
/** Waits behind from 15 s, moves up at 65 s, is served until 120 s. */
const second = along(
  [10, 7, 5.5],
  [14, 7, 2.3],
  [66, 7, 2.3],
  [67, 7, 1.5],
  [120, 7, 1.5],
  [123, 5.5, 0.2],
  [126, 4.5, 0.2],
);

describe('a queue', () => {
  it('measures its length and everybody’s wait, at 5, 8 and 25 frames a second', () => {
    for (const fps of [5, 8, 25]) {
      const store = createWalkStore({ fps });
      store.walk(0, 40, [served, second]);
      expect(store.measures.exact(40_000).queues.get('till')).toEqual({ length: 2, parties: 2 });
      const [view] = store.measures.snapshot(40_000).queues;
      expect(view?.longestWaitS).toBeGreaterThan(22);
      expect(view?.longestWaitS).toBeLessThan(28);
      store.walk(40.05, 140, [served, second]);
      store.pass(160);
      const [first, next, ...rest] = visits(store.events);
      expect(rest).toEqual([]);
      expect(first).toMatchObject({ queue: 'till', outcome: 'served' });
      expect(first?.waitS).toBeLessThan(3);
      expect(next?.outcome).toBe('served');
      expect(Math.abs((next?.waitS ?? 0) - 52)).toBeLessThan(3);
      expect(store.measures.exact(160_000).queues.get('till')).toEqual({ length: 0, parties: 0 });
      expect(store.measures.snapshot(160_000).queues[0]?.expectedWaitS).toBe(0);
    }
  });

  it('fault 72: who browses beside the line or walks through is not in it', () => {
    const store = createWalkStore();
    const browses = along([0, 5.2, 5.5], [3, 5.3, 3], [60, 5.3, 3], [64, 5.2, 5.5]);
    const passes = along([0, 7.3, 5.8], [6, 6.2, 1.2], [10, 5.1, 1.2]);
    store.walk(0, 50, [browses, served, passes]);
    expect(store.measures.exact(50_000).queues.get('till')?.length).toBe(1);
  });

  it('tells who gives up from who is served, and forgets who stood there for a moment', () => {
    const store = createWalkStore({ minimumCount: 1 });
    const givesUp = along([10, 7, 5.5], [14, 7, 2.3], [45, 7, 2.3], [49, 5.2, 5.8], [52, 5, 5.8]);
    const soon = along([20, 7, 5.8], [22, 7, 3.1], [29, 7, 3.1], [33, 5.2, 5.8]);
    store.walk(0, 70, [served, givesUp, soon]);
    store.pass(90);
    expect(
      visits(store.events)
        .map((v) => v.outcome)
        .sort(),
    ).toEqual(['abandoned', 'served']);
    expect(store.measures.snapshot(90_000).queues[0]?.abandonedLastHour).toEqual({ kind: 'count', value: 1 });
  });

  it('a member that is hidden for a while stays in line, and a new track at its place goes on waiting', () => {
    const store = createWalkStore();
    const hidden: Walk = (s) => (s > 30 && s < 34 ? undefined : second(s));
    store.walk(0, 33, [served, hidden]);
    expect(store.measures.exact(33_000).queues.get('till')?.length).toBe(2);
    const broken = createWalkStore();
    broken.walk(0, 140, [served, (s) => (s < 30 ? second(s) : undefined), (s) => (s > 37 ? second(s) : undefined)]);
    const wait = visits(broken.events).find((v) => v.outcome === 'served' && v.waitS > 10);
    expect(Math.abs((wait?.waitS ?? 0) - 52)).toBeLessThan(3);
    expect(visits(broken.events).filter((v) => v.outcome === 'lost')).toEqual([]);
  });

  it('fault 71: two tills have two chains', () => {
    const [queue] = walkPlan.queues;
    if (!queue) throw new Error('the plan has a queue');
    const plan = {
      ...walkPlan,
      queues: [
        {
          ...queue,
          area: [
            [6.2, 1],
            [8, 1],
            [8, 6],
            [6.2, 6],
          ] satisfies [number, number][],
        },
        {
          ...queue,
          id: 'till-2',
          servicePoint: [5.4, 1.5] satisfies [number, number],
          area: [
            [4.9, 1],
            [6.2, 1],
            [6.2, 6],
            [4.9, 6],
          ] satisfies [number, number][],
        },
      ],
    };
    const store = createWalkStore({ plan });
    const other = along([0, 5.4, 5], [4, 5.4, 1.5], [65, 5.4, 1.5]);
    const behind = along([2, 5.4, 5.5], [6, 5.4, 2.3], [65, 5.4, 2.3]);
    const third = along([5, 5.4, 5.8], [9, 5.5, 3.1], [65, 5.5, 3.1]);
    store.walk(0, 30, [served, other, behind, third]);
    const lengths = store.measures.exact(30_000).queues;
    expect([lengths.get('till')?.length, lengths.get('till-2')?.length]).toEqual([1, 3]);
  });

  it('fault 70: a family that came together is one party and four people', () => {
    const store = createWalkStore();
    const family = [
      [0, 0],
      [0.45, 0],
      [0, 0.45],
      [0.45, 0.45],
    ].map(([dx = 0, dy = 0]): Walk => {
      const walk = along([0, 6.8, 5.5], [4, 6.8, 1.5], [60, 6.8, 1.5]);
      return (s) => {
        const at = walk(s);
        return at && [at[0] + dx, at[1] + dy];
      };
    });
    store.walk(0, 30, family);
    expect(store.measures.exact(30_000).queues.get('till')).toEqual({ length: 4, parties: 1 });
  });

  /** Every minute somebody comes and is served for 40 s. */
  const quarter = (): number | null => {
    const store = createWalkStore({ fps: 4, cameras: [{ id: 'only', floorFramesPerS: 4 }] });
    const walks = Array.from({ length: 17 }, (_, i): Walk => {
      const from = i * 60;
      const walk = along(
        [from, 7, 5.5],
        [from + 4, 7, 1.5],
        [from + 44, 7, 1.5],
        [from + 48, 5, 0.2],
        [from + 50, 4.9, 0.2],
      );
      return walk;
    });
    store.walk(0, 16.5 * 60, walks);
    return store.measures.snapshot(16.5 * 60_000).queues[0]?.littleResidual ?? null;
  };

  it('fault 73: Little’s law holds for a queue that is seen, and is missed where leaves are lost', () => {
    expect(quarter()).toBeLessThan(0.1);
    const statistics = new QueueStatistics();
    for (let minute = 0; minute < 15; minute += 1) {
      const nowMs = minute * 60_000 + 1;
      statistics.length(2, 60_000, nowMs);
      // Two people for the whole time are 120 s of waiting a minute; half of it leaves.
      const visit = { queue: 'till', joinedAtMs: nowMs - 60_000, waitS: 50, outcome: 'served' } as const;
      statistics.leave({ track: minute, visit, leftAtMs: nowMs, serviceS: 10 }, nowMs);
    }
    expect(statistics.littleResidual(899_000)).toBeCloseTo(0.5, 6);
    expect(statistics.serviceS(899_000)).toBe(10);
    expect(new QueueStatistics().littleResidual(899_000)).toBeNull();
  });
});
