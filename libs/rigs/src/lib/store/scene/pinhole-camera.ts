import type { FloorPoint, FloorPolygon } from '@edge-blueprints/contracts';
import type { PinholeCamera } from './scene.js';
import { cross, dot, minus, type Vector3 } from './vector3.js';

/** Where a camera stands and looks: unit axes in the room, and the focal length. */
export interface CameraAxes {
  readonly eye: Vector3;
  readonly forward: Vector3;
  readonly right: Vector3;
  readonly down: Vector3;
  readonly focalPx: number;
}

/** Nearer than this nothing is drawn, metres. */
export const nearM = 0.05;

export function cameraAxes(camera: PinholeCamera): CameraAxes {
  const rad = Math.PI / 180;
  const [yaw, pitch, roll] = [camera.yawDeg * rad, camera.pitchDeg * rad, camera.rollDeg * rad];
  const forward: Vector3 = [Math.cos(yaw) * Math.cos(pitch), Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch)];
  const level: Vector3 = [Math.sin(yaw), -Math.cos(yaw), 0];
  const below = cross(forward, level);
  const [c, s] = [Math.cos(roll), Math.sin(roll)];
  const mix = (a: Vector3, ka: number, b: Vector3, kb: number): Vector3 => [
    a[0] * ka + b[0] * kb,
    a[1] * ka + b[1] * kb,
    a[2] * ka + b[2] * kb,
  ];
  return {
    eye: [camera.xM, camera.yM, camera.heightM],
    forward,
    right: mix(level, c, below, s),
    down: mix(below, c, level, -s),
    focalPx: camera.width / 2 / Math.tan((camera.horizontalFovDeg * rad) / 2),
  };
}

/** Position of a point of the room in camera axes: right, down, depth; metres. */
export function toCamera(axes: CameraAxes, point: Vector3): Vector3 {
  const way = minus(point, axes.eye);
  return [dot(way, axes.right), dot(way, axes.down), dot(way, axes.forward)];
}

/**
 * The pixel of a point of the room, the left top corner of the picture being 0, 0; undefined behind the lens.
 * `depthM` is measured along the direction of view.
 */
export function projectPoint(
  camera: PinholeCamera,
  point: Vector3,
): { readonly x: number; readonly y: number; readonly depthM: number } | undefined {
  const axes = cameraAxes(camera);
  const [x, y, depthM] = toCamera(axes, point);
  if (depthM <= nearM) return undefined;
  return {
    x: camera.width / 2 + (axes.focalPx * x) / depthM,
    y: camera.height / 2 + (axes.focalPx * y) / depthM,
    depthM,
  };
}

/** Row-major 3x3 that takes floor metres (x, y, 1) to a pixel up to scale. */
export function floorToPixelMatrix(camera: PinholeCamera): readonly number[] {
  const { eye, forward, right, down, focalPx } = cameraAxes(camera);
  const [cx, cy] = [camera.width / 2, camera.height / 2];
  const column = (r: number, d: number, f: number): Vector3 => [focalPx * r + cx * f, focalPx * d + cy * f, f];
  const a = column(right[0], down[0], forward[0]);
  const b = column(right[1], down[1], forward[1]);
  const c = column(-dot(right, eye), -dot(down, eye), -dot(forward, eye));
  return [a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2]];
}

/** Row-major 3x3 that takes a pixel (x, y, 1) to floor metres up to scale: the true homography of this camera. */
export function pixelToFloorMatrix(camera: PinholeCamera): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = floorToPixelMatrix(camera);
  const adjugate = [
    e * i - f * h, c * h - b * i, b * f - c * e,
    f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d,
  ]; // prettier-ignore
  const size = Math.hypot(...adjugate);
  return adjugate.map((value) => value / size);
}

/** The part of `floor` (a convex polygon) that the camera sees, nothing standing in the way; empty when none. */
export function visibleFloor(camera: PinholeCamera, floor: FloorPolygon): FloorPoint[] {
  const { eye, forward, right, down, focalPx } = cameraAxes(camera);
  const [tanX, tanY] = [camera.width / 2 / focalPx, camera.height / 2 / focalPx];
  // Each side of the picture is a plane through the lens; the floor's inner side of it has a value above 0.
  const sides = [
    [forward, -nearM],
    [combine(forward, tanX, right, 1), 0],
    [combine(forward, tanX, right, -1), 0],
    [combine(forward, tanY, down, 1), 0],
    [combine(forward, tanY, down, -1), 0],
  ] as const;
  let polygon: FloorPoint[] = floor.map(([x, y]) => [x, y]);
  for (const [normal, offset] of sides) {
    const value = ([x, y]: FloorPoint): number => dot(normal, minus([x, y, 0], eye)) + offset;
    polygon = polygon.flatMap((point, index) => {
      const next = polygon[(index + 1) % polygon.length] ?? point;
      const [here, there] = [value(point), value(next)];
      const kept: FloorPoint[] = here >= 0 ? [point] : [];
      if (here >= 0 !== there >= 0) {
        const t = here / (here - there);
        kept.push([point[0] + (next[0] - point[0]) * t, point[1] + (next[1] - point[1]) * t]);
      }
      return kept;
    });
  }
  return polygon;
}

function combine(a: Vector3, ka: number, b: Vector3, kb: number): Vector3 {
  return [a[0] * ka + b[0] * kb, a[1] * ka + b[1] * kb, a[2] * ka + b[2] * kb];
}
