import { createRandom, type CameraSight, type FloorPoint, type StorePlan } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasureEvent } from '../measures/measures-port.js';
import { createStoreMeasures } from '../measures/store-measures.js';
import { emptyPlan, flatCamera, trackAt } from '../testing/flat-camera.js';
import type { StoreFloor } from './floor-port.js';
import { createStoreFloor } from './store-floor.js';

const store = (offsetM: number): StoreFloor =>
  createStoreFloor({
    plan: emptyPlan,
    calibrations: [flatCamera('left', [0, 0, 4, 6]), flatCamera('right', [4, 0, 8, 6], offsetM)],
    keypointNames: [],
  });

/** Both cameras look 60 ms apart, 8 times a second; `seen` says what the camera can see. */
function walk(
  floor: StoreFloor,
  seconds: number,
  people: readonly ((s: number) => FloorPoint | undefined)[],
  seen: (camera: string, at: FloorPoint) => boolean = () => true,
  sigmaM = 0.03,
): CameraSight[] {
  const random = createRandom(11);
  const sights: CameraSight[] = [];
  for (let frame = 0; frame < seconds * 8; frame += 1) {
    for (const [camera, lateMs] of [
      ['left', 0],
      ['right', 60],
    ] as const) {
      const atMs = frame * 125 + lateMs;
      const tracks = people.flatMap((place, i) => {
        const at = place(atMs / 1000);
        if (!at || !seen(camera, at)) return [];
        return [trackAt(i + 1, [at[0] + random.normal() * sigmaM, at[1] + random.normal() * sigmaM])];
      });
      const sight = floor.see(camera, atMs, tracks);
      if (sight) sights.push(sight);
    }
  }
  return sights;
}
const numbers = (sights: readonly CameraSight[]): number[] => [
  ...new Set(sights.flatMap((sight) => sight.people.filter((p) => p.confirmed).map((p) => p.track))),
];
/** People that the cameras tell in one pair of sights, at most. */
const mostAtOnce = (sights: readonly CameraSight[]): number =>
  Math.max(
    ...sights.slice(1).map((sight, i) => {
      const before = sights[i];
      return new Set([...sight.people, ...(before?.people ?? [])].filter((p) => p.confirmed).map((p) => p.track)).size;
    }),
  );

describe('one floor for all cameras', () => {
  it('one person whom both cameras see is told once, all the way, though they disagree by 20 cm', () => {
    const floor = store(0.2);
    const sights = walk(floor, 7, [(s) => [0.5 + s, 3]]);
    expect(numbers(sights)).toHaveLength(1);
    expect(mostAtOnce(sights)).toBe(1);
    const told = sights.filter((sight) => sight.people.length > 0);
    // Both cameras tell of the person only where it changes hands.
    const twice = sights.filter(
      (sight, i) => i % 2 === 1 && sight.people.length + (sights[i - 1]?.people.length ?? 0) > 1,
    );
    expect(twice.length).toBeLessThanOrEqual(1);
    expect(told.length).toBeGreaterThan(50);
    expect(floor.counters().handovers).toBe(1);
    const [pair] = floor.agreement();
    expect(pair?.cameras).toEqual(['left', 'right']);
    expect(pair?.medianM).toBeGreaterThan(0.1);
    expect(pair?.medianM).toBeLessThan(0.3);
  });

  it('fault 66: two cameras that see one person at the line count one crossing', () => {
    const calibrations = [flatCamera('left', [0, 0, 4, 6]), flatCamera('right', [4, 0, 8, 6], 0.2)];
    const plan: StorePlan = {
      ...emptyPlan,
      lines: [{ id: 'border', name: 'Border', from: [4, 0], to: [4, 6], inside: 'right' }],
    };
    const events: MeasureEvent[] = [];
    const measures = createStoreMeasures(plan, {
      cameras: calibrations.map(({ camera }) => ({ id: camera, floorFramesPerS: 8 })),
      calibrations,
      minimumCount: 1,
      windowS: 3_600,
      graceS: 60,
      clock: { monotonicMs: () => 0, epochMs: () => 0 },
      newKey: () => 'key',
      onEvent: (event) => events.push(event),
    });
    const there = (s: number): FloorPoint => [s < 7 ? 0.5 + s : 14.5 - s, 3];
    for (const sight of walk(store(0.2), 14, [there])) measures.observe(sight);
    expect(events.map((e) => e.kind === 'crossing' && e.direction)).toEqual(['in', 'out']);
  });

  it('somebody who dithers on the border stays one', () => {
    const floor = store(-0.25);
    const sights = walk(floor, 40, [(s) => [4 + 0.6 * Math.sin(s / 2), 3]]);
    expect(numbers(sights)).toHaveLength(1);
    expect(mostAtOnce(sights)).toBe(1);
  });

  it('hands over through a gap that no camera sees, and who comes later is new', () => {
    const blind = (_: string, [x]: FloorPoint): boolean => x < 3.6 || x > 4.9;
    expect(numbers(walk(store(0), 7, [(s) => [0.5 + s, 3]], blind))).toHaveLength(1);
    const slow = (s: number): FloorPoint => [0.5 + 0.3 * s, 3];
    expect(numbers(walk(store(0), 24, [slow], blind))).toHaveLength(2);
  });

  it('keeps people apart who cross the border side by side, in any number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: -2, max: 2 }), (count, offset) => {
        const people = Array.from({ length: count }, (_, i) => (s: number): FloorPoint => [
          (i % 2 === 0 ? 0.5 + s : 7.5 - s) + 0.2 * i,
          1 + i,
        ]);
        expect(numbers(walk(store(offset / 10), 6, people))).toHaveLength(count);
      }),
      { numRuns: 8 },
    );
  });

  it('finds a person again whose track broke', () => {
    const floor = store(0);
    const sights = walk(floor, 6, [
      (s) => (s < 2 ? [1 + s / 2, 3] : undefined),
      (s) => (s > 3 ? [1 + s / 2, 3] : undefined),
      (s) => (s > 3 ? [1 + s / 2, 5] : undefined),
    ]);
    expect(numbers(sights)).toHaveLength(2);
    expect(floor.counters().reconnected).toBe(1);
  });

  it('does not tell what stands in a mirror or outside, and tells tentative people without a number', () => {
    const mirror: [number, number][] = [
      [1, 0],
      [3, 0],
      [3, 0.5],
      [1, 0.5],
    ];
    const floor = store(0);
    floor.setPlan({ ...emptyPlan, masks: [mirror] });
    const sight = floor.see('left', 0, [trackAt(1, [2, 0.2]), trackAt(2, [2, 3]), trackAt(3, [-1.5, 3])]);
    expect(sight?.people).toHaveLength(1);
    expect(floor.counters()).toMatchObject({ masked: 1, outsideFloor: 1 });
    const tentative = floor.see('left', 125, [{ ...trackAt(9, [1, 5]), confirmed: false }]);
    expect(tentative?.people).toMatchObject([{ track: -1, confirmed: false }]);
    expect(floor.see('unknown', 0, [])).toBeUndefined();
  });

  it('a new calibration forgets what the camera saw; a crowd beyond capacity is counted', () => {
    const floor = createStoreFloor({
      plan: emptyPlan,
      calibrations: [flatCamera('left', [0, 0, 4, 6])],
      keypointNames: [],
      maxPeople: 3,
    });
    const crowd = [1, 2, 3, 4, 5].map((i) => trackAt(i, [i / 2, i]));
    expect(floor.see('left', 0, crowd)?.people).toHaveLength(3);
    expect(floor.counters().beyondCapacity).toBe(2);
    floor.setCalibration(flatCamera('left', [0, 0, 4, 6], 3));
    expect(floor.see('left', 10_000, [trackAt(1, [0.5, 1])])?.people[0]?.floor[0]).toBeCloseTo(3.5, 1);
    expect(() => floor.setCalibration(flatCamera('right', [3, 0, 8, 6]))).toThrow(/shares/);
  });

  it('who is found faintly for seconds keeps the number and is not taken for seen; a moment of it costs nothing', () => {
    const floor = store(0);
    const scored = (s: number, score: number) => {
      const track = trackAt(1, [2, 3]);
      const detection = track.detection && { ...track.detection, score };
      return floor.see('left', s * 1000, [{ ...track, detection }])?.people[0];
    };
    const seen = (from: number, to: number, score: number) =>
      Array.from({ length: (to - from) * 8 }, (_, i) => scored(from + i / 8, score));
    expect([...seen(0, 5, 0.6), ...seen(5, 6, 0.2), ...seen(6, 8, 0.6)].some((p) => p?.predicted)).toBe(false);
    const faint = seen(8, 20, 0.2);
    expect(faint.at(-1)).toMatchObject({ predicted: true, track: 1, confirmed: true });
    expect(seen(20, 28, 0.6).at(-1)).toMatchObject({ predicted: false, track: 1 });
  });
});
