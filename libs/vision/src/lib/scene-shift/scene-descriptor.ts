import { UsageError } from '@edge-blueprints/contracts';
import type { SlopePlane } from './brightness-slope.js';

const [columns, rows] = [30, 17];
/** Two bits for each of 30 x 17 cells. */
export const sceneDescriptorBytes = 128;

/**
 * A background in 128 bytes, to be kept with a calibration: for each cell of a 30 x 17 grid whether the steepest edge in
 * it gets brighter to the right, down, left or up. It tells roughly how shelves and walls run, which is what the floor
 * plan tells too. It holds no brightness, no colour and no texture; of somebody who stood still for the whole median it
 * could tell the outline to a thirtieth of the picture's width. No picture can be made of it.
 */
export function describeScene(slope: SlopePlane): Uint8Array {
  const descriptor = new Uint8Array(sceneDescriptorBytes);
  steepestOf(slope).forEach((pixel, cell) => {
    const at = cell >> 2;
    descriptor[at] = (descriptor[at] ?? 0) | (quarter(slope, pixel) << (2 * (cell & 3)));
  });
  return descriptor;
}

export interface SceneAgreement {
  /** Share of the judged cells whose direction is the same; a quarter by chance. */
  readonly share: number;
  /** Cells that have an edge now. */
  readonly cells: number;
}

/** @throws UsageError `vision.size` when the descriptor has not its 128 bytes */
export function compareScene(descriptor: Uint8Array, slope: SlopePlane): SceneAgreement {
  if (descriptor.length !== sceneDescriptorBytes)
    throw new UsageError(
      'vision.size',
      `A scene descriptor has ${sceneDescriptorBytes} bytes, got ${descriptor.length}.`,
    );
  const least = steepnessOfEdges(slope);
  let [cells, same] = [0, 0];
  steepestOf(slope).forEach((pixel, cell) => {
    if ((slope.steepness[pixel] ?? 0) < least) return;
    cells += 1;
    if ((((descriptor[cell >> 2] ?? 0) >> (2 * (cell & 3))) & 3) === quarter(slope, pixel)) same += 1;
  });
  return { share: cells === 0 ? 0 : same / cells, cells };
}

/** What a pixel must have at least to be one of the edges. */
function steepnessOfEdges({ edges, steepness }: SlopePlane): number {
  let least = Number.POSITIVE_INFINITY;
  for (const i of edges) least = Math.min(least, steepness[i] ?? least);
  return least;
}

/** The steepest pixel of each cell. */
function steepestOf({ width, height, steepness }: SlopePlane): Int32Array {
  const steepest = new Int32Array(columns * rows);
  for (let cell = 0; cell < steepest.length; cell += 1) {
    const column = cell % columns;
    const row = (cell - column) / columns;
    const [left, right] = [Math.floor((column * width) / columns), Math.floor(((column + 1) * width) / columns)];
    const [top, bottom] = [Math.floor((row * height) / rows), Math.floor(((row + 1) * height) / rows)];
    let best = top * width + left;
    for (let y = top; y < bottom; y += 1)
      for (let i = y * width + left; i < y * width + right; i += 1)
        if ((steepness[i] ?? 0) > (steepness[best] ?? 0)) best = i;
    steepest[cell] = best;
  }
  return steepest;
}

/** 0 brighter to the right, 1 down, 2 left, 3 up. */
function quarter({ x, y }: SlopePlane, pixel: number): number {
  const [gx, gy] = [x[pixel] ?? 0, y[pixel] ?? 0];
  if (Math.abs(gx) >= Math.abs(gy)) return gx >= 0 ? 0 : 2;
  return gy >= 0 ? 1 : 3;
}
