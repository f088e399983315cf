import { ConfigError, createRandom, UsageError } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../test-and-template.js';
import { brightnessSlope } from './brightness-slope.js';
import { compareScene, describeScene, sceneDescriptorBytes } from './scene-descriptor.js';
import { createMedianBackground, reducePicture } from './scene-plane.js';
import { estimateSceneShift } from './scene-shift.js';
import { createSceneWatch, type SceneVerdict } from './scene-watch.js';

const [width, height] = [640, 360];
interface View {
  /** How far the camera looks to the right and down of where it looked first. */
  readonly dx?: number;
  readonly dy?: number;
  readonly light?: number;
  readonly scene?: number;
  readonly people?: readonly { readonly x: number; readonly y: number; readonly grey: number }[];
  readonly noise?: number;
}

/** A shop of shelves, boxes and tiles from a seed, more of it than one view shows. */
const shops = new Map<number, Uint8Array>();
const [worldWidth, worldHeight] = [width + 200, height + 200];
function shopOf(scene: number): Uint8Array {
  const random = createRandom(scene);
  const grey = new Uint8Array(worldWidth * worldHeight);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 90 + 20 * Math.sin(i / worldWidth / 60);
  for (let k = 0; k < 90; k += 1) {
    const [x, y] = [random.integer(0, 820), random.integer(0, 540)];
    const [right, bottom, value] = [x + random.integer(10, 90), y + random.integer(10, 70), random.integer(20, 220)];
    for (let row = y; row < Math.min(worldHeight, bottom); row += 1)
      grey.fill(value, row * worldWidth + x, row * worldWidth + Math.min(worldWidth, right));
  }
  shops.set(scene, grey);
  return grey;
}

let grain = 1;
function shop({ dx = 0, dy = 0, light = 1, scene = 1, people = [], noise = 1 }: View): Picture {
  const grey = shops.get(scene) ?? shopOf(scene);
  const pixels = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (y + 100 + dy) * worldWidth + 100 + dx;
    pixels.set(grey.subarray(from, from + width), y * width);
  }
  for (const { x, y, grey: value } of people) {
    for (let row = Math.max(0, y - 145); row < Math.min(height, y); row += 1) {
      const half = row < y - 120 ? 12 : 25;
      pixels.fill(
        half === 12 ? 255 - value : value,
        row * width + Math.max(0, x - half),
        row * width + Math.min(width, x + half),
      );
    }
  }
  for (let i = 0; i < pixels.length; i += 1) {
    grain = (Math.imul(grain, 1664525) + 1013904223) | 0;
    pixels[i] = light * (pixels[i] ?? 0) + (noise * (grain >> 24)) / 42;
  }
  return { width, height, format: 'gray8', pixels: new Uint8Array(pixels.buffer) };
}
const slope = (view: View): ReturnType<typeof brightnessSlope> => brightnessSlope(reducePicture(shop(view)));

describe('shift of a scene', () => {
  const reference = slope({});

  it.each([
    [8, 0],
    [0, -8],
    [-13, 6],
    [40, 20],
  ])('is found to a pixel: the camera turns by %i, %i', (dx, dy) => {
    const shift = estimateSceneShift(reference, slope({ dx, dy }));
    expect([shift.dxPx, shift.dyPx]).toEqual([expect.closeTo(-dx, 0), expect.closeTo(-dy, 0)]);
    expect(shift.agreement).toBeGreaterThan(0.7);
    expect(shift.agreementUnmoved).toBeLessThan(0.6);
  });

  it('half of the light, other noise or a lamp on one side move nothing', () => {
    for (const view of [{ light: 0.5 }, { light: 0.3 }, { light: 1.15 }, { noise: 3 }]) {
      const shift = estimateSceneShift(reference, slope(view));
      expect(Math.hypot(shift.dxPx, shift.dyPx)).toBeLessThan(1);
      expect(shift.agreementUnmoved).toBeGreaterThan(0.8);
    }
  });

  it('another scene agrees with nothing, and planes of another size are refused', () => {
    expect(estimateSceneShift(reference, slope({ scene: 2 })).agreement).toBeLessThan(0.3);
    expect(() =>
      estimateSceneShift(
        reference,
        brightnessSlope(reducePicture({ width: 16, height: 16, format: 'gray8', pixels: new Uint8Array(256) })),
      ),
    ).toThrow(UsageError);
  });

  it('128 bytes are enough to tell the scene from a shifted or another one, in other light too', () => {
    const descriptor = describeScene(reference);
    expect(descriptor).toHaveLength(sceneDescriptorBytes);
    expect(compareScene(descriptor, reference).share).toBe(1);
    expect(compareScene(descriptor, slope({ light: 0.5 })).share).toBeGreaterThan(0.85);
    expect(compareScene(descriptor, slope({ dx: 8 })).share).toBeLessThan(0.75);
    expect(compareScene(descriptor, slope({ scene: 2 })).share).toBeLessThan(0.45);
    expect(() => compareScene(new Uint8Array(12), reference)).toThrow(UsageError);
  });
});

describe('median background', () => {
  const plane = (value: number, size = 8) => ({
    width: size,
    height: 8,
    scale: 1,
    luma: new Uint8Array(size * 8).fill(value),
  });

  it('holds what is there for more than half of the window, and forgets what left it', () => {
    const background = createMedianBackground(5);
    const seen = [90, 10, 91, 200, 92, 10, 10, 10].map((value) => {
      background.add(plane(value));
      return background.median()?.luma[9];
    });
    expect(seen.slice(4)).toEqual([91, 91, 91, 10]);
    expect(background.count()).toBe(5);
    background.add(plane(7, 9));
    expect([background.count(), background.median()?.luma[9]]).toEqual([1, 7]);
  });
});

describe('scene watch', () => {
  /** One picture a second; the last verdict. */
  const watchOver = (views: readonly View[], descriptor?: Uint8Array): SceneVerdict[] => {
    const watch = createSceneWatch({ window: 7, persistence: 2 }, descriptor);
    return views.map((view, i) => watch.observe(shop(view), i * 1000));
  };
  const still = (n: number, view: View = {}): View[] => Array.from({ length: n }, () => view);

  it('a bumped camera is moved, with the shift, within a window', () => {
    const verdicts = watchOver([...still(7), ...still(6, { dx: 8 })]);
    expect(verdicts.map(({ state }) => state).slice(0, 8)).toEqual([
      'learning',
      'learning',
      'learning',
      ...Array<string>(5).fill('same'),
    ]);
    expect(verdicts.at(-1)).toMatchObject({ state: 'moved', shiftPx: [expect.closeTo(-8, 0), expect.closeTo(0, 0)] });
  });

  it('neither a crowd that walks through nor half of the light is a moved camera', () => {
    const random = createRandom(9);
    const crowd = Array.from({ length: 12 }, (_, i) => ({
      light: i > 6 ? 0.5 : 1,
      people: Array.from({ length: 12 }, () => ({
        x: random.integer(0, width),
        y: random.integer(140, height),
        grey: random.integer(10, 240),
      })),
    }));
    expect(
      watchOver([...still(4), ...crowd])
        .slice(3)
        .map(({ state }) => state),
    ).toEqual(Array<string>(13).fill('same'));
  });

  it('darkness is no movement: nothing can be said, and the light comes back', () => {
    const verdicts = watchOver([...still(4), ...still(7, { light: 0.01 }), ...still(6)]);
    expect(verdicts[10]?.state).toBe('unsure');
    expect(verdicts.map(({ state }) => state)).not.toContain('moved');
    expect(verdicts.at(-1)?.state).toBe('same');
  });

  it('finds at the start that the camera was moved since its calibration, until the view is accepted', () => {
    const descriptor = describeScene(slope({}));
    expect(watchOver(still(5), descriptor).at(-1)?.state).toBe('same');
    expect(watchOver(still(5, { light: 0.3 }), descriptor).at(-1)?.state).toBe('same');
    const doubtful = createSceneWatch({ window: 3, minDescriptorShare: 1, otherDescriptorShare: 0 }, descriptor);
    expect([0, 1].map((i) => doubtful.observe(shop({ dx: 24 }), i * 1000).state)).toEqual(['learning', 'unsure']);
    const watch = createSceneWatch({ window: 3 }, descriptor);
    const states = [0, 1, 2, 3].map((i) => watch.observe(shop({ dx: 24 }), i * 1000).state);
    expect(states.at(-1)).toBe('moved');
    expect(watch.descriptor()).toBeUndefined();
    watch.accept();
    expect([4, 5, 6].map((i) => watch.observe(shop({ dx: 24 }), i * 1000).state).at(-1)).toBe('same');
    expect(watch.descriptor()).toHaveLength(sceneDescriptorBytes);
  });

  it('looks at one picture per sample time, and refuses options that make no sense', () => {
    const watch = createSceneWatch({ window: 3 });
    for (let i = 0; i < 9; i += 1) expect(watch.observe(shop({}), i * 100).state).toBe('learning');
    expect(watch.observe(shop({}), 1000).state).toBe('same');
    expect(() => createSceneWatch({ window: 1 })).toThrow(ConfigError);
  });
});
