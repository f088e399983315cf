import type { CameraAxes } from './pinhole-camera.js';
import type { PixelArea, SceneCanvas } from './scene-canvas.js';
import { shadePatch } from './shade-patch.js';
import { isHole, type SceneLight } from './solid-shade.js';
import { outlineOf } from './solid-outline.js';
import { castBox, castRound, castTube, createPatchHits, raysInto, type PatchHits } from './solid-rays.js';
import type { Solid } from './solid.js';

/** Where and how solids are drawn. */
export interface SolidPen {
  readonly canvas: SceneCanvas;
  /** Axes of the camera at the canvas's own resolution. */
  readonly axes: CameraAxes;
  readonly light: SceneLight;
  /** Light at the place of the figure: sun patch, distance to the lamps. */
  readonly brightness: number;
  /** 0 the room itself, else the number of the figure. */
  readonly owner: number;
  /** Grows by what was touched. */
  readonly touched: PixelArea;
  /** Counts pixels of this figure's outline, in front or not, each once. */
  readonly cover: { pixels: number };
  /** Draws nothing outside. */
  readonly clip?: PixelArea;
  /** Room for the rays' results. */
  readonly hits: PatchHits;
}

/** Pixels cast at a time: small enough for the processor's cache. */
const patchPixels = 4096;

export const createHits = (width: number): PatchHits => createPatchHits(Math.max(width, patchPixels));

/** Casts the rays of the solid's outline, patch by patch, and colours what is nearer than all before. */
export function drawSolid(pen: SolidPen, solid: Solid): void {
  const { canvas, axes, hits } = pen;
  const outline = outlineOf(axes, solid);
  if (!outline) return;
  const { width, height } = canvas;
  const { focalPx } = axes;
  const left = Math.max(Math.floor(outline.left * focalPx + width / 2), pen.clip?.left ?? 0);
  const top = Math.max(Math.floor(outline.top * focalPx + height / 2), pen.clip?.top ?? 0);
  const right = Math.min(Math.ceil(outline.right * focalPx + width / 2), pen.clip?.right ?? width);
  const bottom = Math.min(Math.ceil(outline.bottom * focalPx + height / 2), pen.clip?.bottom ?? height);
  if (left >= right || top >= bottom) return;
  pen.touched.left = Math.min(pen.touched.left, left);
  pen.touched.top = Math.min(pen.touched.top, top);
  pen.touched.right = Math.max(pen.touched.right, right);
  pen.touched.bottom = Math.max(pen.touched.bottom, bottom);

  const rays = raysInto(solid, axes);
  const { pattern } = solid.material;
  const hole = pattern === 'wire' ? (x: number, y: number, z: number) => isHole(solid, x, y, z) : undefined;
  const rows = Math.max(Math.floor(patchPixels / (right - left)), 1);
  for (let row = top; row < bottom; row += rows) {
    const end = Math.min(row + rows, bottom);
    const patch = { left, right, top: row, bottom: end, middleX: width / 2, middleY: height / 2, focalPx };
    if (solid.kind === 'round') castRound(solid, rays, patch, hits);
    else if (solid.kind === 'tube') castTube(solid, rays, patch, hits);
    else castBox(rays, patch, hits, hole);
    shadePatch(pen, solid, rays, patch);
  }
}
