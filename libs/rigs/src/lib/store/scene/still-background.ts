import type { FloorPolygon } from '@edge-blueprints/contracts';
import { drawFace } from './draw-face.js';
import { createHits, drawSolid } from './draw-solid.js';
import type { CameraAxes } from './pinhole-camera.js';
import { isInside, type RoomLight } from './room-light.js';
import type { Room } from './room.js';
import { createSceneCanvas, surfaces, type SceneCanvas } from './scene-canvas.js';

/** The room without people, drawn once: colour, depth and surfaces. */
export function drawStillBackground(
  room: Room,
  axes: CameraAxes,
  light: RoomLight,
  size: { readonly width: number; readonly height: number },
): SceneCanvas {
  const canvas = createSceneCanvas(size.width, size.height);
  const { eye } = axes;
  // Near things first: what lies behind them is never textured.
  const distance = (corners: readonly (readonly [number, number, number])[]): number =>
    Math.min(...corners.map(([x, y, z]) => (x - eye[0]) ** 2 + (y - eye[1]) ** 2 + (z - eye[2]) ** 2));
  const ordered = room.faces
    .map((face) => ({ face, from: face.corners.length > 0 && !face.isFloor ? distance(face.corners) : Infinity }))
    .sort((a, b) => a.from - b.from);
  for (const { face } of ordered) drawFace(canvas, axes, face, light.onSurface);
  const hits = createHits(size.width);
  const touched = { left: 0, top: 0, right: 0, bottom: 0 };
  for (const solid of room.solids) {
    const brightness = light.lamps(solid.origin[0], solid.origin[1]);
    drawSolid({ canvas, axes, light: room.light, brightness, owner: 0, touched, hits, cover: { pixels: 0 } }, solid);
  }
  markSolids(canvas, axes);
  return canvas;
}

/** Pixels of still solids are no floor: their depth is not the floor's. */
function markSolids(
  { width, height, depth, surface }: SceneCanvas,
  { eye, forward, right, down, focalPx }: CameraAxes,
): void {
  for (let row = 0; row < height; row += 1) {
    const v = (row + 0.5 - height / 2) / focalPx;
    for (let column = 0; column < width; column += 1) {
      const index = row * width + column;
      if (surface[index] !== surfaces.floor) continue;
      const u = (column + 0.5 - width / 2) / focalPx;
      const z = eye[2] + (depth[index] ?? 0) * (forward[2] + right[2] * u + down[2] * v);
      if (z > 0.01) surface[index] = surfaces.other;
    }
  }
}

/** 1 where the sun falls on the floor. `depth` and `surface` must be the empty room's. */
export function sunlitPixels(canvas: SceneCanvas, axes: CameraAxes, patches: readonly FloorPolygon[]): Uint8Array {
  const { width, height, depth, surface } = canvas;
  const { eye, forward, right, down, focalPx } = axes;
  const sunlit = new Uint8Array(width * height);
  if (patches.length === 0) return sunlit;
  for (let index = 0; index < sunlit.length; index += 1) {
    if (surface[index] !== surfaces.floor) continue;
    const u = ((index % width) + 0.5 - width / 2) / focalPx;
    const v = (Math.floor(index / width) + 0.5 - height / 2) / focalPx;
    const t = depth[index] ?? 0;
    const x = eye[0] + t * (forward[0] + right[0] * u + down[0] * v);
    const y = eye[1] + t * (forward[1] + right[1] * u + down[1] * v);
    if (patches.some((patch) => isInside(x, y, patch))) sunlit[index] = 1;
  }
  return sunlit;
}
