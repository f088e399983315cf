import type { Figure } from './figure.js';
import type { CameraAxes } from './pinhole-camera.js';
import { surfaces, type PixelArea, type SceneCanvas } from './scene-canvas.js';
import type { Skeleton } from './skeleton.js';
import type { SceneLight } from './solid-shade.js';
import { nearM, toCamera } from './pinhole-camera.js';

const reachM = 0.62;

/**
 * Darkens the floor around a figure: tight under each foot, wide under the body, and a soft cast away from the lamps.
 * Evaluated once for `block` x `block` pixels.
 */
export function drawShadow(
  canvas: SceneCanvas,
  axes: CameraAxes,
  light: SceneLight,
  { figure, skeleton, touched }: { readonly figure: Figure; readonly skeleton: Skeleton; readonly touched: PixelArea },
  block: number,
): void {
  const { width, height, surface, colour } = canvas;
  const { eye, forward, right, down, focalPx } = axes;
  const { xM, yM, body } = figure;
  // The cast is at about a third of the body's length, where it is darkest.
  const cast = Math.min(body.heightM * 0.3, 0.6);
  const [castX, castY] = [xM - light.direction[0] * cast, yM - light.direction[1] * cast];
  const [low, high] = [
    [Math.min(xM, castX) - reachM, Math.min(yM, castY) - reachM],
    [Math.max(xM, castX) + reachM, Math.max(yM, castY) + reachM],
  ] as const;
  const area: PixelArea = { left: width, top: height, right: 0, bottom: 0 };
  let inFront = 0;
  for (const x of [low[0], high[0]]) {
    for (const y of [low[1], high[1]]) {
      const [cx, cy, depth] = toCamera(axes, [x, y, 0]);
      if (depth > nearM) inFront += 1;
      const z = Math.max(depth, nearM);
      area.left = Math.min(area.left, (cx / z) * focalPx + width / 2);
      area.right = Math.max(area.right, (cx / z) * focalPx + width / 2);
      area.top = Math.min(area.top, (cy / z) * focalPx + height / 2);
      area.bottom = Math.max(area.bottom, (cy / z) * focalPx + height / 2);
    }
  }
  if (inFront === 0) return;
  const left = Math.max(Math.floor(area.left / block) * block, 0);
  const top = Math.max(Math.floor(area.top / block) * block, 0);
  const end = Math.min(Math.ceil(area.right), width);
  const bottom = Math.min(Math.ceil(area.bottom), height);
  if (left >= end || top >= bottom) return;
  touched.left = Math.min(touched.left, left);
  touched.top = Math.min(touched.top, top);
  touched.right = Math.max(touched.right, end);
  touched.bottom = Math.max(touched.bottom, bottom);

  const { left: leftFoot, right: rightFoot } = skeleton.ankle;
  const { left: leftToe, right: rightToe } = skeleton.toe;
  const feet = [
    [(leftFoot[0] + leftToe[0]) / 2, (leftFoot[1] + leftToe[1]) / 2, Math.max(1 - leftFoot[2] / 0.35, 0.2)],
    [(rightFoot[0] + rightToe[0]) / 2, (rightFoot[1] + rightToe[1]) / 2, Math.max(1 - rightFoot[2] / 0.35, 0.2)],
  ] as const;
  const [[ax, ay, ka], [bx, by, kb]] = feet;
  const [midX, midY] = [(xM + castX) / 2, (yM + castY) / 2];
  const edgeScale = 1 / (reachM + cast / 2) ** 2;
  for (let row = top; row < bottom; row += block) {
    const v = (row + block / 2 - height / 2) / focalPx;
    for (let column = left; column < end; column += block) {
      if (surface[row * width + column] !== surfaces.floor) continue;
      const u = (column + block / 2 - width / 2) / focalPx;
      const wz = forward[2] + right[2] * u + down[2] * v;
      if (wz > -1e-6) continue;
      const t = -eye[2] / wz;
      const x = eye[0] + t * (forward[0] + right[0] * u + down[0] * v);
      const y = eye[1] + t * (forward[1] + right[1] * u + down[1] * v);
      const edge = 1 - ((x - midX) * (x - midX) + (y - midY) * (y - midY)) * edgeScale;
      if (edge <= 0) continue;
      const dark =
        0.5 * ka * soft(x - ax, y - ay, 45) +
        0.5 * kb * soft(x - bx, y - by, 45) +
        0.3 * soft(x - xM, y - yM, 6.2) +
        0.22 * soft(x - castX, y - castY, 8.3);
      const factor = 1 - Math.min(dark, 0.8) * edge;
      for (let j = row; j < Math.min(row + block, height); j += 1) {
        for (let i = column; i < Math.min(column + block, width); i += 1) {
          const index = j * width + i;
          if (surface[index] !== surfaces.floor) continue;
          colour[index * 3] = (colour[index * 3] ?? 0) * factor;
          colour[index * 3 + 1] = (colour[index * 3 + 1] ?? 0) * factor;
          colour[index * 3 + 2] = (colour[index * 3 + 2] ?? 0) * factor;
        }
      }
    }
  }
}

/** 1 / (1 + d^2)^2 falls like a Gaussian and is cheaper. */
function soft(x: number, y: number, perSquareM: number): number {
  const d = 1 + (x * x + y * y) * perSquareM;
  return 1 / (d * d);
}
