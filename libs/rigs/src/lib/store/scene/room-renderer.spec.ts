import type { StorePlan } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { bodyPoints, type Body, type Figure, type Posture } from './figure.js';
import { labelPeople, peopleLabelSchema } from './people-label.js';
import { projectFigure } from './project-figure.js';
import { randomCrowd } from './random/random-crowd.js';
import { obstaclesOf, randomLook, randomScene } from './random/random-scene.js';
import { createRoomRenderer } from './room-renderer.js';
import { createSceneRenderer } from './scene-renderer.js';
import type { PinholeCamera } from './scene.js';
import { plainDecor, storeRoom } from './store-room.js';

const plan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Kiosk',
  widthM: 8,
  depthM: 6,
  fixtures: [
    {
      id: 'shelf',
      kind: 'shelf',
      polygon: [
        [2, 3],
        [6, 3],
        [6, 3.5],
        [2, 3.5],
      ],
      heightM: 2.1,
    },
  ],
  zones: [],
  lines: [],
  queues: [],
  staffAreas: [],
  masks: [],
};
const area = (x0: number, y0: number, x1: number, y1: number): [number, number][] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const oblique: PinholeCamera = {
  id: 'oblique',
  xM: 4,
  yM: 0.2,
  heightM: 2.4,
  yawDeg: 90,
  pitchDeg: 22,
  rollDeg: 0,
  horizontalFovDeg: 80,
  width: 160,
  height: 96,
};
const overhead: PinholeCamera = { ...oblique, yM: 1.6, heightM: 3.2, pitchDeg: 90, horizontalFovDeg: 95 };
const look = { light: 1, colourTemperatureK: 4000, sun: 0, noise: 2, blurPx: 0.5 };
const body: Body = {
  heightM: 1.7,
  build: 1,
  skin: [0.5, 0.3, 0.2],
  hair: [0.05, 0.03, 0.02],
  top: [0.5, 0.05, 0.05],
  bottom: [0.03, 0.04, 0.1],
  shoes: [0.02, 0.02, 0.02],
  pattern: 'plain',
  headwear: 'none',
  outfit: 'trousers',
  carries: 'nothing',
};
const figure = (id: number, xM: number, yM: number, more: Partial<Figure> = {}): Figure => ({
  id,
  xM,
  yM,
  headingRad: 1,
  speedMps: 1.2,
  gait: 0.2,
  posture: 'walk',
  pushes: 'nothing',
  body,
  alive: true,
  ...more,
});
const pixels = () => new Uint8Array(160 * 96 * 3);

describe('scene renderer', () => {
  it('gives the same bytes for the same seed, figures, look and frame, whatever was drawn before', () => {
    const first = createSceneRenderer(plan, oblique, 5);
    const second = createSceneRenderer(plan, oblique, 5);
    const figures = [figure(1, 3.5, 2), figure(2, 4.4, 1.6, { pushes: 'trolley', posture: 'push' })];
    const [a, b] = [pixels(), pixels()];
    first.render(figures, look, 7, a);
    second.render([figure(9, 4, 2.4)], { ...look, sun: 1, light: 0.3 }, 3, b);
    second.render([figure(9, 4, 2)], look, 4, b);
    second.render(figures, look, 7, b);
    expect(Buffer.compare(a, b)).toBe(0);
    second.render(figures, look, 8, b);
    expect(Buffer.compare(a, b)).not.toBe(0);
  });

  it.each([
    ['oblique', oblique],
    ['overhead', overhead],
  ] as const)('keeps every pixel of a figure inside its box, %s', (_, camera) => {
    const renderer = createRoomRenderer(storeRoom(plan, plainDecor(1)), camera, { samples: 1, seed: 1 });
    const postures: Posture[] = ['walk', 'stand', 'reach', 'push', 'crouch', 'sit'];
    for (const [index, posture] of postures.entries()) {
      const who = figure(index, 4.2, camera.pitchDeg > 45 ? 1.9 : 2.6, {
        posture,
        gait: index / 6,
        headingRad: index,
        body: { ...body, outfit: index % 2 ? 'skirt' : 'coat' },
      });
      renderer.render([who], look, 0, pixels());
      const [x0, y0, x1, y1] = projectFigure(camera, who)?.box ?? [0, 0, 0, 0];
      const extent = [160, 96, 0, 0];
      for (let y = 0; y < 96; y += 1) {
        for (let x = 0; x < 160; x += 1) {
          if (renderer.probe(x + 0.5, y + 0.5).figure !== 1) continue;
          extent[0] = Math.min(extent[0] ?? 0, x);
          extent[1] = Math.min(extent[1] ?? 0, y);
          extent[2] = Math.max(extent[2] ?? 0, x + 1);
          extent[3] = Math.max(extent[3] ?? 0, y + 1);
        }
      }
      const [left = 0, top = 0, right = 0, bottom = 0] = extent;
      expect(left).toBeGreaterThan(x0 - 1);
      expect(top).toBeGreaterThan(y0 - 1);
      expect(right).toBeLessThan(x1 + 1);
      expect(bottom).toBeLessThan(y1 + 1);
      // Nor is the box larger than the person, where the picture does not cut it.
      expect(right - left).toBeGreaterThan(Math.min(x1, 160) - Math.max(x0, 0) - 5);
    }
  });

  it('stands people on the floor at their height: the pixel of the feet and of the head', () => {
    const who = figure(1, 4, 3.4, { posture: 'stand', speedMps: 0 });
    const box = projectFigure(oblique, who)?.box ?? [0, 0, 0, 0];
    const focal = 80 / Math.tan((40 * Math.PI) / 180);
    const row = (z: number): number => {
      const [away, drop] = [3.2, 2.4 - z];
      const angle = Math.atan2(drop, away) - (22 * Math.PI) / 180;
      return 48 + focal * Math.tan(angle);
    };
    expect(Math.abs(box[3] - row(0))).toBeLessThan(3);
    expect(Math.abs(box[1] - row(1.7))).toBeLessThan(2.5);
  });

  it('knows who is hidden: behind a shelf nobody is seen, before it everybody', () => {
    const renderer = createRoomRenderer(storeRoom(plan, plainDecor(1)), oblique, { samples: 1, seed: 1 });
    const figures = [figure(1, 4, 4.2), figure(2, 4.6, 2.65)];
    renderer.render(figures, look, 0, pixels());
    const [behind, before] = labelPeople(renderer, figures);
    expect(behind).toMatchObject({ visible: 0, ignore: true });
    expect(behind?.keypoints.filter(([, , v]) => v === 2)).toEqual([]);
    expect(before?.visible).toBe(1);
    expect(before?.ignore).toBe(false);
    expect(before?.keypoints[bodyPoints.indexOf('head')]?.[2]).toBe(2);
    expect(before?.keypoints[0]?.[1]).toBeLessThan(before?.keypoints[8]?.[1] ?? 0);
  });

  it('labels no mannequin, and nobody outside the picture', () => {
    const renderer = createRoomRenderer(storeRoom(plan, plainDecor(1)), oblique, { samples: 1, seed: 1 });
    const figures = [figure(1, 4, 2, { alive: false, posture: 'stand' }), figure(2, 0.4, 0.3)];
    renderer.render(figures, look, 0, pixels());
    expect(renderer.sights()[0]?.visible).toBeGreaterThan(50);
    expect(labelPeople(renderer, figures)).toEqual([]);
  });

  it('shows in a mirror who stands behind the camera, in the glass and nowhere else, and counts nobody there', () => {
    const mirror = { id: 'glass', kind: 'mirror' as const, polygon: area(3, 5.9, 5, 5.95), heightM: 2 };
    const camera = { ...oblique, yM: 3.4, heightM: 1.6, pitchDeg: 5 };
    const renderer = createRoomRenderer(storeRoom({ ...plan, fixtures: [mirror] }, plainDecor(1)), camera, {
      samples: 1,
      seed: 1,
    });
    const [empty, shown] = [pixels(), pixels()];
    renderer.render([], { ...look, noise: 0 }, 0, empty);
    renderer.render([figure(1, 4, 1.8)], { ...look, noise: 0 }, 0, shown);
    const changed = [...shown.keys()].filter((index) => Math.abs((shown[index] ?? 0) - (empty[index] ?? 0)) > 8);
    const columns = changed.map((index) => Math.floor(index / 3) % 160);
    expect(changed.length).toBeGreaterThan(60);
    // The glass reaches from 3 to 5 m, 2.5 m ahead: 40 px of focal length 95 to either side; the figure is in its middle.
    expect(Math.min(...columns)).toBeGreaterThan(62);
    expect(Math.max(...columns)).toBeLessThan(98);
    expect(renderer.sights()).toEqual([{ own: 0, visible: 0 }]);
    renderer.render([], { ...look, noise: 0 }, 0, shown);
    expect(Buffer.compare(shown, empty)).toBe(0);
  });

  it('is darker at night', () => {
    const renderer = createSceneRenderer(plan, oblique, 5);
    const mean = (light: number): number => {
      const out = pixels();
      renderer.render([], { ...look, light }, 0, out);
      return out.reduce((sum, value) => sum + value, 0) / out.length;
    };
    const [night, day] = [mean(0.15), mean(1)];
    expect(night).toBeLessThan(day * 0.6);
    expect(night).toBeGreaterThan(10);
  });
});

describe('random scenes', () => {
  it('give labels that keep the format and lie in the picture, and are the same for the same seed', () => {
    const make = () => {
      const random = createRandom(21);
      const { renderer, room, like } = randomScene(random, 'any', { width: 104, height: 60 });
      const { camera } = renderer;
      const ground = { camera, widthM: room.widthM, depthM: room.depthM, footprints: obstaclesOf(room) };
      const figures = [0, 1, 2].flatMap(() => randomCrowd(random, ground));
      const out = new Uint8Array(104 * 60 * 3);
      renderer.render(figures, randomLook(random, like), 0, out);
      return { out, people: labelPeople(renderer, figures), camera };
    };
    const { out, people, camera } = make();
    const label = peopleLabelSchema.parse({
      image: 'images/000000.png',
      width: 104,
      height: 60,
      camera: { heightM: camera.heightM, pitchDeg: camera.pitchDeg, fovDeg: camera.horizontalFovDeg },
      people,
    });
    expect(label.people.length).toBeGreaterThan(2);
    for (const { box } of label.people) {
      expect(box[0]).toBeGreaterThanOrEqual(0);
      expect(box[2]).toBeLessThanOrEqual(104);
      expect(box[3]).toBeGreaterThanOrEqual(box[1]);
    }
    expect(Buffer.compare(out, make().out)).toBe(0);
  });
});
