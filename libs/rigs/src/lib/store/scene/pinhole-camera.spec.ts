import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelToFloorMatrix, projectPoint, visibleFloor } from './pinhole-camera.js';
import type { PinholeCamera } from './scene.js';

const overhead: PinholeCamera = {
  id: 'overhead',
  xM: 3,
  yM: 1.5,
  heightM: 3.2,
  yawDeg: 90,
  pitchDeg: 90,
  rollDeg: 0,
  horizontalFovDeg: 90,
  width: 640,
  height: 360,
};

const cameras = fc.record({
  id: fc.constant('any'),
  xM: fc.double({ min: 0, max: 10, noNaN: true }),
  yM: fc.double({ min: 0, max: 10, noNaN: true }),
  heightM: fc.double({ min: 2, max: 6, noNaN: true }),
  yawDeg: fc.double({ min: -180, max: 180, noNaN: true }),
  pitchDeg: fc.double({ min: 5, max: 90, noNaN: true }),
  rollDeg: fc.double({ min: -10, max: 10, noNaN: true }),
  horizontalFovDeg: fc.double({ min: 40, max: 115, noNaN: true }),
  width: fc.constant(640),
  height: fc.constant(360),
});

function onFloor(camera: PinholeCamera, x: number, y: number): readonly [number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = pixelToFloorMatrix(camera);
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

describe('pinhole camera', () => {
  it('sees from straight above by similar triangles: ahead is up in the picture, right is right', () => {
    // Focal length 320 px at 90 degrees; a metre aside at 3.2 m is 100 px.
    expect(projectPoint(overhead, [3, 2.5, 0])).toMatchObject({ x: 320, y: expect.closeTo(80, 6), depthM: 3.2 });
    expect(projectPoint(overhead, [4, 1.5, 0])).toMatchObject({ x: expect.closeTo(420, 6), y: expect.closeTo(180, 6) });
    expect(projectPoint(overhead, [4, 1.5, 1.6])?.x).toBeCloseTo(520, 6);
    expect(projectPoint(overhead, [3, 1.5, 4])).toBeUndefined();
  });

  it('looks where yaw and pitch say: the point on the line of view is in the middle', () => {
    const camera = { ...overhead, yawDeg: 30, pitchDeg: 45, rollDeg: 7 };
    const point = [3 + 3.2 * Math.cos(Math.PI / 6), 1.5 + 3.2 * Math.sin(Math.PI / 6), 0] as const;
    expect(projectPoint(camera, point)).toMatchObject({ x: expect.closeTo(320, 6), y: expect.closeTo(180, 6) });
  });

  it('takes the pixel of a floor point back to the point', () => {
    fc.assert(
      fc.property(
        cameras,
        fc.double({ min: -5, max: 15, noNaN: true }),
        fc.double({ min: -5, max: 15, noNaN: true }),
        (camera, x, y) => {
          const pixel = projectPoint(camera, [x, y, 0]);
          fc.pre(pixel !== undefined && pixel.depthM > 0.2);
          if (!pixel) return;
          const [bx, by] = onFloor(camera, pixel.x, pixel.y);
          expect(Math.hypot(bx - x, by - y)).toBeLessThan(1e-6 * (1 + pixel.depthM ** 2));
        },
      ),
    );
  });

  it('tells the visible part of the floor: every corner of it lies in the picture and on the floor', () => {
    const floor = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ] as const;
    fc.assert(
      fc.property(cameras, (camera) => {
        for (const [x, y] of visibleFloor(
          camera,
          floor.map(([a, b]) => [a, b]),
        )) {
          const pixel = projectPoint(camera, [x, y, 0]);
          expect(Math.min(x, y)).toBeGreaterThan(-1e-6);
          expect(Math.max(x, y)).toBeLessThan(10 + 1e-6);
          if (!pixel) continue;
          expect(pixel.x).toBeGreaterThan(-0.01);
          expect(pixel.x).toBeLessThan(640.01);
          expect(pixel.y).toBeGreaterThan(-0.01);
          expect(pixel.y).toBeLessThan(360.01);
        }
      }),
      { numRuns: 40 },
    );
    const area = visibleFloor(overhead, [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
    expect(Math.max(...area.map(([x]) => x))).toBeCloseTo(6.2, 6);
    expect(Math.max(...area.map(([, y]) => y))).toBeCloseTo(3.3, 6);
  });
});
