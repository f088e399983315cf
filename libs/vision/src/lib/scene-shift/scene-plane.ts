import { UsageError } from '@edge-blueprints/contracts';
import type { Picture } from '../test-and-template.js';

/** A picture at low resolution, grey. */
export interface ScenePlane {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
  /** Pixels of the frame per pixel of the plane. */
  readonly scale: number;
}

/** Planes are about this wide: enough to see a shift of 4 pixels of a 640 pixel picture, too little to see a face. */
const planeWidth = 160;

/** Means of square blocks; colour counts with its green channel. */
export function reducePicture(picture: Picture): ScenePlane {
  const scale = Math.max(1, Math.round(picture.width / planeWidth));
  const width = Math.floor(picture.width / scale);
  const height = Math.floor(picture.height / scale);
  const channels = picture.format === 'rgb24' ? 3 : 1;
  if (width < 8 || height < 8 || picture.pixels.length < picture.width * picture.height * channels)
    throw new UsageError(
      'vision.size',
      `A scene needs at least 8 x 8 pixels and all of their bytes, got ${picture.width}x${picture.height} with ${picture.pixels.length} bytes.`,
    );
  const green = channels === 3 ? 1 : 0;
  const luma = new Uint8Array(width * height);
  const sums = new Uint32Array(width);
  for (let y = 0; y < height; y += 1) {
    sums.fill(0);
    for (let dy = 0; dy < scale; dy += 1) {
      let from = (y * scale + dy) * picture.width * channels + green;
      for (let x = 0; x < width; x += 1) {
        let sum = 0;
        for (let dx = 0; dx < scale; dx += 1, from += channels) sum += picture.pixels[from] ?? 0;
        sums[x] = (sums[x] ?? 0) + sum;
      }
    }
    for (let x = 0; x < width; x += 1) luma[y * width + x] = Math.round((sums[x] ?? 0) / (scale * scale));
  }
  return { width, height, luma, scale };
}

/** The median of each pixel over the last planes: what moves is not in it unless it stands still for half of them. */
export interface MedianBackground {
  /** Planes of another size start anew. */
  add(plane: ScenePlane): void;
  count(): number;
  /** Undefined before the first plane. */
  median(): ScenePlane | undefined;
}

/** Keeps `window` planes in memory, the last ones. */
export function createMedianBackground(window: number): MedianBackground {
  let planes: ScenePlane[] = [];
  return {
    add(plane) {
      const last = planes.at(-1);
      if (last !== undefined && (last.width !== plane.width || last.height !== plane.height)) planes = [];
      planes.push(plane);
      if (planes.length > window) planes.shift();
    },
    count: () => planes.length,
    median() {
      const last = planes.at(-1);
      if (last === undefined) return undefined;
      const luma = new Uint8Array(last.luma.length);
      const sorted = new Uint8Array(planes.length);
      for (let i = 0; i < luma.length; i += 1) {
        // Insertion: a dozen values are sorted faster so than by a call.
        for (let k = 0; k < planes.length; k += 1) {
          const value = planes[k]?.luma[i] ?? 0;
          let at = k;
          while (at > 0 && (sorted[at - 1] ?? 0) > value) {
            sorted[at] = sorted[at - 1] ?? 0;
            at -= 1;
          }
          sorted[at] = value;
        }
        luma[i] = sorted[sorted.length >> 1] ?? 0;
      }
      return { ...last, luma };
    },
  };
}
