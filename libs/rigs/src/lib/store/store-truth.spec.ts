import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStoreTruth } from './store-truth.js';
import { truthEvent } from './store-truth-event.js';

const box = (x0: number, y0: number, x1: number, y1: number): FloorPoint[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const plan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Square',
  widthM: 10,
  depthM: 10,
  fixtures: [],
  zones: [{ id: 'corner', name: 'Corner', polygon: box(6, 6, 9, 9) }],
  lines: [{ id: 'door', name: 'Door', from: [4, 1], to: [6, 1], inside: 'left' }],
  queues: [{ id: 'till', name: 'Till', servicePoint: [8, 2], directionDeg: 90, area: box(7, 1, 9, 5) }],
  staffAreas: [],
  masks: [],
};

interface Leg {
  readonly to: FloorPoint;
  /** Seconds to stand there after a walk at 1 m/s. */
  readonly standS?: number;
}

/** Walks the legs at 1 m/s, ten observations a second, and leaves. */
function walk(from: FloorPoint, legs: readonly Leg[], staff = false) {
  const truth = createStoreTruth(plan);
  let [x, y] = from;
  let tick = 0;
  const see = (): void => truth.observe((tick += 1) / 10, [{ id: 1, party: 1, staff, xM: x, yM: y }]);
  see();
  for (const { to, standS = 0 } of legs) {
    const away = Math.hypot(to[0] - x, to[1] - y);
    const steps = Math.ceil(away * 10);
    const [fromX, fromY] = [x, y];
    for (let step = 1; step <= steps; step += 1) {
      x = fromX + ((to[0] - fromX) * step) / steps;
      y = fromY + ((to[1] - fromY) * step) / steps;
      see();
    }
    for (let stand = 0; stand < standS * 10; stand += 1) see();
  }
  truth.observe((tick += 1) / 10, []);
  return truth.report();
}

const ways = (crossings: readonly { readonly direction: string }[]) => crossings.map(({ direction }) => direction);

describe('the truth of lines', () => {
  it('knows when somebody came in and went out', () => {
    const { crossings, people } = walk([5, -1], [{ to: [5, 3], standS: 2 }, { to: [5, -1] }]);
    expect(ways(crossings)).toEqual(['in', 'out']);
    expect(crossings[0]?.atS).toBeCloseTo(2.1, 0);
    expect(crossings[1]?.atS).toBeCloseTo(8.1, 0);
    expect(people).toBe(0);
  });

  it('counts nobody who stands on the line, turns back on it or walks around its end', () => {
    const sways: Leg[] = Array.from({ length: 40 }, (_, k) => ({
      to: [5 + 0.01 * k, 1 + (k % 2 === 0 ? 0.12 : -0.12)],
    }));
    expect(walk([5, 0], [...sways, { to: [5, 0] }]).crossings).toEqual([]);
    expect(walk([5, 0], [{ to: [5, 1.1] }, { to: [5, 0] }]).crossings).toEqual([]);
    expect(walk([5, 0], [{ to: [7, 0] }, { to: [7, 3] }, { to: [5, 3] }]).crossings).toEqual([]);
  });

  it('counts once who hesitates on the line and goes on', () => {
    const { crossings } = walk([5, 0], [{ to: [5, 1.1], standS: 60 }, { to: [5, 0.95] }, { to: [5, 2] }]);
    expect(ways(crossings)).toEqual(['in']);
  });

  it('counts every change of sides through the line and no other, whatever the way', () => {
    const place = fc.record({ inside: fc.boolean(), x: fc.double({ min: 4.3, max: 5.7, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), (places) => {
        const legs = places.map(({ inside, x }): Leg => ({ to: [x, inside ? 2 : 0] }));
        const sides = [false, ...places.map(({ inside }) => inside)];
        const expected = sides.flatMap((side, at) => (at === 0 || side === sides[at - 1] ? [] : [side ? 'in' : 'out']));
        expect(ways(walk([5, 0], legs).crossings)).toEqual(expected);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('the truth of zones', () => {
  it('gives a visit from the first to the last moment inside', () => {
    const { visits } = walk([5, 7], [{ to: [7, 7], standS: 20 }, { to: [5, 7] }]);
    expect(visits).toHaveLength(1);
    expect((visits[0]?.leftS ?? 0) - (visits[0]?.enteredS ?? 0)).toBeCloseTo(22, 0);
  });

  it('joins stays that are less than three seconds apart, parts others, and leaves out the shorter than a second', () => {
    const out = (standS: number): Leg[] => [
      { to: [7, 7], standS: 5 },
      { to: [5.8, 7], standS },
      { to: [7, 7], standS: 5 },
    ];
    expect(walk([5, 7], [...out(1.5), { to: [5, 7] }]).visits).toHaveLength(1);
    expect(walk([5, 7], [...out(4), { to: [5, 7] }]).visits).toHaveLength(2);
    expect(walk([5, 7], [{ to: [6.3, 7] }, { to: [5, 7] }]).visits).toHaveLength(0);
  });

  it('keeps staff apart and fills the cells with the seconds of customers only', () => {
    const legs: Leg[] = [{ to: [7, 7], standS: 20 }];
    const customer = walk([7, 7], legs).heat.seconds.reduce((sum, s) => sum + s, 0);
    const staff = walk([7, 7], legs, true);
    expect(customer).toBeCloseTo(20, 0);
    expect(staff.heat.seconds.every((s) => s === 0)).toBe(true);
    expect(staff.visits).toMatchObject([{ staff: true }]);
    expect(staff).toMatchObject({ people: 0, startedInside: 0, vanishedInside: 0 });
  });
});

describe('the truth of queues', () => {
  it('keeps who waits, is served, gives up, and how long the chain was', () => {
    const truth = createStoreTruth(plan);
    const tell = (kind: 'joined' | 'served' | 'left' | 'abandoned', person: number, atS: number): void =>
      truth.takeQueue({ kind, queue: 'till', person, party: Math.min(person, 2), atS });
    tell('joined', 1, 10);
    tell('served', 1, 10);
    tell('joined', 2, 20);
    tell('joined', 3, 21);
    tell('left', 1, 40);
    tell('abandoned', 2, 45);
    tell('abandoned', 3, 45);
    tell('joined', 4, 50);
    const { queueVisits, queueLengths } = truth.report();
    expect(queueVisits.map(({ outcome }) => outcome)).toEqual(['served', 'abandoned', 'abandoned', 'waiting']);
    expect(queueLengths['till']?.map(({ people }) => people)).toEqual([1, 1, 2, 3, 2, 1, 0, 1]);
    expect(queueLengths['till']?.[3]).toEqual({ fromS: 21, people: 3, parties: 2 });
  });

  it('leaves the process with monotonic times, without persons, and only since the moment asked for', () => {
    const report = walk([5, -1], [{ to: [5, 3], standS: 2 }, { to: [5, -1] }]);
    const options = { plan, originMs: 1_000_000, epochMs: 5, heatBefore: report.heat.seconds };
    const all = truthEvent(report, { ...options, sinceMs: 0 });
    expect(all.lines['door']).toMatchObject({ in: [1_002_200], staff: 0 });
    expect(all.heat.seconds.every((s) => s === 0)).toBe(true);
    expect(truthEvent(report, { ...options, sinceMs: 1_005_000 }).lines['door']).toMatchObject({ in: [] });
    expect(JSON.stringify(all)).not.toMatch(/person|"id"/);
  });
});
