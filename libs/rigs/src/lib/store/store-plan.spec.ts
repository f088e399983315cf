import type { FloorPoint } from '@edge-blueprints/contracts';
import { storePlanSchema } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { PinholeCamera } from './scene/scene.js';
import { storeCameraNames, storeCameras } from './store-cameras.js';
import { storeAuthorities, storePlan } from './store-plan.js';
import { insidePolygon } from './walkers/floor-geometry.js';

const cameras = storeCameras(640, 360);

/** Pixel of a world point by the pinhole equations, written out here so that the cameras are checked by other code than draws. */
function pixelOf(camera: PinholeCamera, x: number, y: number, z: number): readonly [number, number] | undefined {
  const yaw = (camera.yawDeg * Math.PI) / 180;
  const pitch = (camera.pitchDeg * Math.PI) / 180;
  const [dx, dy, dz] = [x - camera.xM, y - camera.yM, z - camera.heightM];
  const ahead = dx * Math.cos(yaw) + dy * Math.sin(yaw);
  const right = dx * Math.sin(yaw) - dy * Math.cos(yaw);
  const depth = ahead * Math.cos(pitch) - dz * Math.sin(pitch);
  const down = -dz * Math.cos(pitch) - ahead * Math.sin(pitch);
  if (depth <= 0) return undefined;
  const focal = camera.width / 2 / Math.tan((camera.horizontalFovDeg * Math.PI) / 360);
  return [camera.width / 2 + (focal * right) / depth, camera.height / 2 + (focal * down) / depth];
}

function sees(camera: PinholeCamera, x: number, y: number, z: number): boolean {
  const pixel = pixelOf(camera, x, y, z);
  return pixel !== undefined && pixel[0] >= 0 && pixel[0] < 640 && pixel[1] >= 0 && pixel[1] < 360;
}

const authorityOf = (point: FloorPoint) =>
  storeCameraNames.filter((name) => insidePolygon(point, storeAuthorities[name]));

function* gridOf(polygon: readonly FloorPoint[], step = 0.1): Generator<FloorPoint> {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  for (let x = Math.min(...xs) + step / 2; x < Math.max(...xs); x += step)
    for (let y = Math.min(...ys) + step / 2; y < Math.max(...ys); y += step)
      if (insidePolygon([x, y], polygon)) yield [x, y];
}

const free = (point: FloorPoint): boolean =>
  storePlan.fixtures.every(({ kind, polygon }) => kind === 'door' || !insidePolygon(point, polygon));

describe('the plan of the demo store', () => {
  it('is a valid store plan', () => {
    expect(storePlanSchema.parse(storePlan)).toEqual(storePlan);
  });

  it('gives no point of the floor two authorities, and every zone and queue one', () => {
    for (let x = -0.55; x < 14; x += 0.1)
      for (let y = -0.55; y < 10; y += 0.1) expect(authorityOf([x, y]).length).toBeLessThanOrEqual(1);
    for (const { id, polygon } of [...storePlan.zones, ...storePlan.queues.map((q) => ({ id: q.id, polygon: q.area }))])
      for (const point of gridOf(polygon, 0.2))
        if (free(point)) expect([id, authorityOf(point).length]).toEqual([id, 1]);
  });

  it('puts the upper body of everybody in a zone or queue, and on either side of the line, into the authority picture', () => {
    const unseen: string[] = [];
    const check = (id: string, point: FloorPoint): void => {
      if (!free(point)) return;
      const [name] = authorityOf(point);
      if (name === undefined || !sees(cameras[name], point[0], point[1], 1.3)) unseen.push(`${id} ${point.join(' ')}`);
    };
    for (const { id, polygon } of storePlan.zones) for (const point of gridOf(polygon)) check(id, point);
    for (const { id, area } of storePlan.queues) for (const point of gridOf(area)) if (point[1] > 2.2) check(id, point);
    for (let x = 2.3; x <= 3.7; x += 0.1) for (let y = 0.1; y <= 2.9; y += 0.1) check('entrance', [x, y]);
    expect(unseen).toEqual([]);
  });

  it('has both sides of the entrance line, and its queues start at their tills', () => {
    const [line] = storePlan.lines;
    expect(line).toMatchObject({ from: [1.9, 1.5], to: [4.1, 1.5], inside: 'left' });
    for (const { servicePoint, area } of storePlan.queues) {
      expect(insidePolygon(servicePoint, area)).toBe(true);
      expect(storePlan.staffAreas.some((staff) => insidePolygon(servicePoint, staff))).toBe(false);
    }
  });
});
