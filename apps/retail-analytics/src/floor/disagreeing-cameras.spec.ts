import { createRandom, type EngineHealth, type FloorPoint, type StorePlan } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { MeasureEvent } from '../measures/measures-port.js';
import { createStoreMeasures } from '../measures/store-measures.js';
import { alarmCauses } from '../store/store-alarms.js';
import { aBudget } from '../testing/a-view.js';
import { emptyPlan, flatCamera, trackAt } from '../testing/flat-camera.js';
import { createStoreFloor } from './store-floor.js';

const engine: EngineHealth = { state: 'ready', detail: '', inFlight: 0, completed: 1, failed: 0, restarts: 0 };
const plan: StorePlan = {
  ...emptyPlan,
  lines: [{ id: 'aisle', name: 'Aisle', from: [2, 0], to: [2, 6], inside: 'right' }],
};

/** Five people walk from left to right, 8 pictures a second; the right camera puts everything `offsetM` too far right. */
function watch(offsetM: number) {
  const calibrations = [flatCamera('left', [0, 0, 4, 6]), flatCamera('right', [4, 0, 8, 6], offsetM)];
  const floor = createStoreFloor({ plan, calibrations, keypointNames: [] });
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
  const random = createRandom(3);
  for (let frame = 0; frame < 40 * 8; frame += 1)
    for (const [camera, lateMs] of [
      ['left', 0],
      ['right', 60],
    ] as const) {
      const atMs = frame * 125 + lateMs;
      const tracks = [0, 1, 2, 3, 4].flatMap((i) => {
        const x = 0.5 + (atMs / 1_000 - 7 * i);
        const place: FloorPoint = [x + random.normal() * 0.03, 3 + random.normal() * 0.03];
        return x > 0.5 && x < 7.5 ? [trackAt(i + 1, place)] : [];
      });
      const sight = floor.see(camera, atMs, tracks);
      if (sight) measures.observe(sight);
    }
  const agreement = floor.agreement();
  const codes = alarmCauses({
    cameras: [],
    queues: [],
    budget: aBudget,
    engine,
    agreement,
    beyondCapacity: false,
    picturesOn: false,
  }).map(({ code }) => code);
  const crossings = events.flatMap((e) => (e.kind === 'crossing' ? [e.direction] : []));
  return { codes, crossings, medianM: agreement[0]?.medianM ?? 0 };
}

describe('two cameras that disagree on where people are', () => {
  it('by 55 cm are announced, from the people whom both see', () => {
    const { codes, medianM } = watch(0.55);
    expect(codes).toEqual(['store.cameras-disagree']);
    expect(medianM).toBeCloseTo(0.55, 1);
  });

  it('by 20 cm are not announced', () => {
    expect(watch(0.2).codes).toEqual([]);
  });

  it('far from where one hands over to the other are not asked', () => {
    const floor = createStoreFloor({
      plan,
      calibrations: [flatCamera('left', [0, 0, 2, 6]), flatCamera('right', [6, 0, 8, 6], 0.55)],
      keypointNames: [],
    });
    for (let frame = 0; frame < 80; frame += 1)
      for (const camera of ['left', 'right']) floor.see(camera, frame * 125, [trackAt(1, [1.5, 3])]);
    expect(floor.agreement()).toEqual([]);
  });

  it('by any distance count each person once at a line inside of one part of the floor', () => {
    for (const offsetM of [-1, -0.55, 0.55, 1, 1.5])
      expect(watch(offsetM).crossings, `${offsetM} m`).toEqual(['in', 'in', 'in', 'in', 'in']);
  });
});
