import { facesEye, type Face } from './face.js';
import { nearM, toCamera, type CameraAxes } from './pinhole-camera.js';
import { surfaces, type SceneCanvas } from './scene-canvas.js';
import { between, dot, minus, type Vector3 } from './vector3.js';

/** Light on a surface point: position in the room and the surface's normal. */
export type SurfaceLight = (x: number, y: number, z: number, normal: Vector3) => number;

/** Draws one face into colour and depth; even-odd filling, so that any simple polygon will do. */
export function drawFace(
  canvas: SceneCanvas,
  axes: CameraAxes,
  face: Face,
  light: SurfaceLight,
  /** Draws only what is farther than this, pixel by pixel. */
  beyond?: Float32Array,
): void {
  if (!facesEye(face, axes.eye)) return;
  const { width, height, depth, colour, surface } = canvas;
  const { focalPx, eye, forward, right, down } = axes;
  const corners = clippedToNear(face.corners.map((corner) => toCamera(axes, corner))).map(
    ([x, y, z]): readonly [number, number] => [(x / z) * focalPx + width / 2, (y / z) * focalPx + height / 2],
  );
  if (corners.length < 3) return;
  const ys = corners.map(([, y]) => y);
  const top = Math.max(Math.ceil(Math.min(...ys) - 0.5), 0);
  const bottom = Math.min(Math.ceil(Math.max(...ys) - 0.5), height);

  const offset = minus(face.origin, eye);
  const planeD = dot(face.normal, offset);
  const [nf, nr, nd] = [dot(face.normal, forward), dot(face.normal, right), dot(face.normal, down)];
  const [uo, uf, ur, ud] = [-dot(offset, face.u), dot(forward, face.u), dot(right, face.u), dot(down, face.u)];
  const [vo, vf, vr, vd] = [-dot(offset, face.v), dot(forward, face.v), dot(right, face.v), dot(down, face.v)];
  const texel = new Float32Array(3);
  const kind = face.isFloor ? surfaces.floor : face.isMirror === true ? surfaces.mirror : surfaces.other;
  const { origin, u: along, v: upward } = face;

  for (let row = top; row < bottom; row += 1) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (let index = 0; index < corners.length; index += 1) {
      const [ax, ay] = corners[index] ?? [0, 0];
      const [bx, by] = corners[(index + 1) % corners.length] ?? [0, 0];
      if (ay <= y !== by <= y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
    }
    crossings.sort((a, b) => a - b);
    const pv = (y - height / 2) / focalPx;
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(Math.ceil((crossings[pair] ?? 0) - 0.5), 0);
      const to = Math.min(Math.ceil((crossings[pair + 1] ?? 0) - 0.5), width);
      for (let column = from; column < to; column += 1) {
        const pu = (column + 0.5 - width / 2) / focalPx;
        const t = planeD / (nf + nr * pu + nd * pv);
        const index = row * width + column;
        if (!(t > nearM) || t >= (depth[index] ?? 0)) continue;
        if (beyond !== undefined && t <= (beyond[index] ?? 0)) continue;
        const u = uo + t * (uf + ur * pu + ud * pv);
        const v = vo + t * (vf + vr * pu + vd * pv);
        face.texture(u, v, texel);
        const lit = face.glows
          ? 1
          : light(
              origin[0] + along[0] * u + upward[0] * v,
              origin[1] + along[1] * u + upward[1] * v,
              origin[2] + along[2] * u + upward[2] * v,
              face.normal,
            );
        depth[index] = t;
        surface[index] = kind;
        colour[index * 3] = (texel[0] ?? 0) * lit;
        colour[index * 3 + 1] = (texel[1] ?? 0) * lit;
        colour[index * 3 + 2] = (texel[2] ?? 0) * lit;
      }
    }
  }
}

function clippedToNear(points: readonly Vector3[]): Vector3[] {
  return points.flatMap((point, index) => {
    const next = points[(index + 1) % points.length] ?? point;
    const kept: Vector3[] = point[2] > nearM ? [point] : [];
    if (point[2] > nearM !== next[2] > nearM)
      kept.push(between(point, next, (nearM - point[2]) / (next[2] - point[2])));
    return kept;
  });
}
