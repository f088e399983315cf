import { createRandom, type CameraCalibration, type FloorPoint } from '@edge-blueprints/contracts';
import { calibrateFloor, pixelToFloor } from '@edge-blueprints/vision';
import { describe, expect, it } from 'vitest';
import { emptyPlan, flatCamera } from '../testing/flat-camera.js';
import { checkCalibrations, checkStorePlan } from './check-plan.js';
import { FloorFilter } from './floor-filter.js';
import { createAnchorer } from './person-anchor.js';
import { Stature } from './stature.js';
import { StillWatch } from './still-watch.js';

const message = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};
const point = (x: number, y: number): [number, number] => [x, y];

describe('checkStorePlan', () => {
  it('refuses polygons that cross themselves or leave the floor, and names every field at once', () => {
    const bow = [point(1, 1), point(3, 3), point(3, 1), point(1, 3)];
    const outside = [point(6, 1), point(9, 1), point(9, 3)];
    const square = [point(1, 1), point(2, 1), point(2, 2), point(1, 2)];
    const text = message(() =>
      checkStorePlan(
        {
          ...emptyPlan,
          zones: [
            { id: 'bow', name: 'Bow', polygon: bow },
            { id: 'far', name: 'Far', polygon: outside },
            { id: 'far', name: 'Two', polygon: [point(1, 1), point(2, 2)] },
          ],
          lines: [{ id: 'door', name: 'Door', from: point(1, 1), to: point(1.1, 1), inside: 'left' }],
          queues: [{ id: 'till', name: 'Till', servicePoint: point(5, 5), directionDeg: 0, area: square }],
        },
        'plan.json',
      ),
    );
    for (const part of [
      'plan.json',
      'zones: the id far is used twice',
      'zones[0] bow: its border crosses',
      'zones[1] far: corner (9, 1) lies outside',
      'zones[2] far: has 2 corners',
      'lines[0] door: is shorter',
      'queues[0] till: its service point (5, 5) lies outside',
    ])
      expect(text).toContain(part);
    expect(message(() => checkStorePlan(emptyPlan, 'plan.json'))).toBe('accepted');
  });

  it('refuses cameras that answer for the same floor, and calibrations whose points do not agree', () => {
    const one = { file: 'a.json', calibration: flatCamera('a', [0, 0, 4, 6]) };
    const beside = { file: 'b.json', calibration: flatCamera('b', [4, 0, 8, 6]) };
    expect(message(() => checkCalibrations([one, beside]))).toBe('accepted');
    const over = { file: 'b.json', calibration: flatCamera('b', [3.5, 0, 8, 6]) };
    const [first, ...rest] = beside.calibration.points;
    if (!first) throw new Error('points');
    const wrong = { ...beside.calibration, camera: 'c', points: [{ ...first, floor: point(3, 4) }, ...rest] };
    const text = message(() => checkCalibrations([one, over, { file: 'c.json', calibration: wrong }]));
    expect(text).toMatch(/b\.json: authority shares 3\.00 m2 with that of a \(a\.json\)/);
    expect(text).toMatch(/c\.json: points: held-out error p95 is \d+ cm/);
  });
});

describe('where a person stands', () => {
  /** 3.2 m over (2, 2), looking straight down, 400 px focal length. */
  const see = ([x, y]: FloorPoint, z: number): [number, number] => [
    320 + (400 * (x - 2)) / (3.2 - z),
    180 + (400 * (y - 2)) / (3.2 - z),
  ];
  const points = [point(1, 1), point(3, 1), point(3, 3), point(1, 3), point(2, 2.5), point(1.5, 2)].map((floor) => ({
    pixel: see(floor, 0),
    floor,
  }));
  const fitted = calibrateFloor(points);
  const overhead = {
    ...flatCamera('door', [0, 0, 4, 4]),
    ...fitted,
    points,
    mount: 'overhead' as const,
    heightM: 3.2,
    nadir: point(2, 2),
    imageWidth: 640,
    imageHeight: 360,
  };
  const names = ['head', 'left_ankle', 'right_ankle'];
  const body = (foot: FloorPoint, headM: number) => {
    const key = ([x, y]: [number, number]) => ({ x, y, score: 0.9 });
    return [key(see(foot, headM)), key(see(foot, 0.08)), key(see(foot, 0.08))];
  };
  const boxOf = (foot: FloorPoint, stature: number) => {
    const rings = [0, 0.82, 1].flatMap((share) =>
      [-0.15, 0.15].flatMap((d) => [
        see([foot[0] + d, foot[1]], share * stature),
        see([foot[0], foot[1] + d], share * stature),
      ]),
    );
    const [xs, ys] = [rings.map((p) => p[0]), rings.map((p) => p[1])];
    return { xMin: Math.min(...xs), xMax: Math.max(...xs), yMin: Math.min(...ys), yMax: Math.max(...ys) };
  };
  const box = boxOf([3.2, 2.4], 1.68);
  const childBox = boxOf([3.2, 2.4], 1.05);

  it('overhead: brings head and shoulders down, and learns that a child is small', () => {
    const anchor = createAnchorer(overhead, names);
    const adult = anchor(box, body([3.2, 2.4], 0.93 * 1.68).slice(0, 1), new Stature());
    expect(adult?.by).toBe('head');
    expect(adult?.floor[0]).toBeCloseTo(3.2, 1);
    const stature = new Stature();
    const child = body([3.2, 2.4], 0.93 * 1.05);
    const alone = child.slice(0, 1);
    const first = anchor(childBox, alone, stature)?.floor[0] ?? 0;
    expect(first).toBeLessThan(3.1);
    for (let i = 0; i < 60; i += 1) {
      const told = anchor(childBox, child, stature)?.stature;
      if (told) stature.learn(told);
    }
    expect(stature.metres).toBeLessThan(1.2);
    expect(Math.abs((anchor(childBox, alone, stature)?.floor[0] ?? 0) - 3.2)).toBeLessThan(0.08);
    expect(anchor(box, body([2.1, 2.1], 0.95), stature)?.stature).toBeUndefined();
  });

  /** 3.5 m high, in the corner of an 80 degree view, looking 40 degrees down along y: people there are tilted. */
  const oblique = (): { camera: CameraCalibration; see: (at: FloorPoint, z: number) => [number, number] } => {
    const pitch = (40 * Math.PI) / 180;
    const look = ([x, y]: FloorPoint, z: number): [number, number] => {
      const depth = y * Math.cos(pitch) - (z - 3.5) * Math.sin(pitch);
      return [
        320 + (380 * (x - 3)) / depth,
        180 + (380 * (-(z - 3.5) * Math.cos(pitch) - y * Math.sin(pitch))) / depth,
      ];
    };
    const marks = [1, 3, 5].flatMap((x) => [2, 3.5, 5, 7].map((y) => point(x, y)));
    const clicked = marks.map((floor) => ({ pixel: look(floor, 0), floor }));
    const base = flatCamera('aisle', [0, 0, 8, 6]);
    const camera = { ...base, ...calibrateFloor(clicked), points: clicked, heightM: 3.5, nadir: point(3, 0) };
    return { camera: { ...camera, imageHeight: 360 }, see: look };
  };

  it('oblique: ankles decide where they are seen, else the parts that look out, else the box, tilted as it is', () => {
    const { camera, see: look } = oblique();
    const key = ([x, y]: [number, number], score: number) => ({ x, y, score });
    const all = ['head', 'left_shoulder', 'right_shoulder', 'left_ankle', 'right_ankle'];
    const anchor = createAnchorer(camera, all);
    const foot: FloorPoint = [5.2, 4];
    const figure = (ankles: number) => [
      key(look(foot, 0.93 * 1.68), 0.9),
      key(look([5, 4], 0.82 * 1.68), 0.9),
      key(look([5.4, 4], 0.82 * 1.68), 0.9),
      key(look([5.1, 4], 0.08), ankles),
      key(look([5.3, 4], 0.08), ankles),
    ];
    const rings = [0, 0.82, 1].flatMap((share) => [-0.2, 0.2].flatMap((d) => [look([5.2 + d, 4], share * 1.68)]));
    const tilted = {
      xMin: Math.min(...rings.map((p) => p[0])),
      xMax: Math.max(...rings.map((p) => p[0])),
      yMin: Math.min(...rings.map((p) => p[1])),
      yMax: Math.max(...rings.map((p) => p[1])),
    };
    const error = (found: FloorPoint | undefined): number =>
      Math.hypot((found?.[0] ?? 9) - foot[0], (found?.[1] ?? 9) - foot[1]);
    const whole = anchor(tilted, figure(0.9), new Stature());
    expect(whole?.by).toBe('ankles');
    expect(error(whole?.floor)).toBeLessThan(0.05);
    expect(error(anchor(tilted, figure(0.1), new Stature())?.floor)).toBeLessThan(0.12);
    const boxed = anchor(tilted, undefined, new Stature());
    expect(boxed?.by).toBe('box');
    expect(error(boxed?.floor)).toBeLessThan(0.15);
    const naive = pixelToFloor(camera.homography, [(tilted.xMin + tilted.xMax) / 2, tilted.yMax]);
    expect(error(naive)).toBeGreaterThan(0.2);
    expect(anchor({ ...tilted, yMax: 360 }, undefined, new Stature())?.sigmaM).toBeGreaterThan(0.5);
  });

  it('the filter walks the same at 5, 8 and 25 frames a second, and stands still under noise', () => {
    const walk = (fps: number): FloorFilter => {
      const filter = new FloorFilter([0, 0], 0.05);
      for (let i = 1; i <= 4 * fps; i += 1) {
        filter.predict(1 / fps);
        filter.update([(1.2 * i) / fps, 0], 0.05);
      }
      return filter;
    };
    for (const fps of [5, 8, 25]) {
      expect(walk(fps).floor[0]).toBeCloseTo(4.8, 1);
      expect(walk(fps).velocity[0]).toBeCloseTo(1.2, 1);
    }
    const random = createRandom(4);
    const stands = new FloorFilter([1, 1], 0.05);
    let fastest = 0;
    for (let i = 0; i < 400; i += 1) {
      stands.predict(0.125);
      stands.update([1 + random.normal() * 0.05, 1 + random.normal() * 0.05], 0.05);
      if (i > 40) fastest = Math.max(fastest, Math.hypot(...stands.velocity));
    }
    expect(fastest).toBeLessThan(0.6);
    expect(Math.hypot(stands.floor[0] - 1, stands.floor[1] - 1)).toBeLessThan(0.1);
  });

  it('a prediction without sight comes to a halt', () => {
    const filter = new FloorFilter([0, 0], 0.05);
    for (let i = 1; i <= 40; i += 1) {
      filter.predict(0.1);
      filter.update([i * 0.12, 0], 0.05);
    }
    filter.predict(0.5);
    filter.predict(5);
    expect(filter.floor[0]).toBeLessThan(4.8 + 1.4);
    expect(filter.velocity).toEqual([0, 0]);
  });
});

describe('StillWatch', () => {
  const run = (watch: StillWatch, id: number, fromS: number, toS: number, at: (s: number) => FloorPoint): boolean => {
    let last = false;
    for (let s = fromS; s <= toS; s += 0.25) last = watch.observe(id, at(s), s * 1000);
    return last;
  };
  const random = createRandom(9);
  const shaking = (): FloorPoint => [2 + random.normal() * 0.04, 2 + random.normal() * 0.04];

  it('a mannequin is a thing after two minutes while others move, a person who shifts weight never', () => {
    const watch = new StillWatch();
    run(watch, 2, 0, 10, (s) => [s * 0.8, 4]);
    expect(run(watch, 1, 0, 115, shaking)).toBe(false);
    run(watch, 2, 100, 130, (s) => [(s - 100) * 0.2, 4]);
    expect(run(watch, 1, 115.25, 145, shaking)).toBe(true);
    expect(run(watch, 3, 0, 400, (s) => [5 + 0.15 * Math.sin(s / 10), 3])).toBe(false);
  });

  it('a new track at its place is the same thing at once; who only passes there wakes up', () => {
    const watch = new StillWatch();
    run(watch, 1, 0, 400, shaking);
    expect(watch.observe(7, [2.1, 2], 401_000)).toBe(true);
    expect(run(watch, 8, 402, 404, (s) => [2.1 + (s - 402), 2])).toBe(false);
    expect(watch.observe(9, [4, 4], 405_000)).toBe(false);
  });

  it('alone in the shop it takes longer, and what is not seen any more is forgotten', () => {
    const watch = new StillWatch();
    expect(run(watch, 1, 0, 300, shaking)).toBe(false);
    expect(run(watch, 1, 300, 420, shaking)).toBe(true);
    watch.keep(new Set(), 3_000_000);
    expect(watch.observe(2, [2, 2], 3_000_000)).toBe(false);
  });
});
