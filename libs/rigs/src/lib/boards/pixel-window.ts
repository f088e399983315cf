import { canvasSide } from './board-geometry.js';
import { connectedComponents } from './copper-map.js';

/** A local name: a loader that turns imports into property reads would slow the loops over pixels down tenfold. */
const side = canvasSide;

/** A rectangle of the canvas, edges included. */
export interface PixelWindow {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export function windowAround(pixels: readonly number[], margin: number): PixelWindow {
  let xMin = side;
  let yMin = side;
  let xMax = 0;
  let yMax = 0;
  for (const i of pixels) {
    const x = i % side;
    const y = (i - x) / side;
    if (x < xMin) xMin = x;
    if (x > xMax) xMax = x;
    if (y < yMin) yMin = y;
    if (y > yMax) yMax = y;
  }
  return {
    xMin: Math.max(0, xMin - margin),
    yMin: Math.max(0, yMin - margin),
    xMax: Math.min(side - 1, xMax + margin),
    yMax: Math.min(side - 1, yMax + margin),
  };
}

export interface LocalParts {
  /** Part of a canvas pixel within the window, 0 where it has the other value. */
  partOf(i: number): number;
  /** How many parts have at least `atLeast` pixels. */
  count(atLeast: number): number;
}

/** Connected parts inside a window, as if nothing lay outside. */
export function localParts(mask: Uint8Array, window: PixelWindow, value: 0 | 1): LocalParts {
  const width = window.xMax - window.xMin + 1;
  const height = window.yMax - window.yMin + 1;
  const local = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (window.yMin + y) * side + window.xMin;
    local.set(mask.subarray(from, from + width), y * width);
  }
  const { labels, sizes } = connectedComponents(local, width, value);
  return {
    partOf: (i) => {
      const x = (i % side) - window.xMin;
      const y = Math.floor(i / side) - window.yMin;
      return x < 0 || y < 0 || x >= width || y >= height ? 0 : (labels[y * width + x] ?? 0);
    },
    count: (atLeast) => sizes.filter((size, label) => label > 0 && size >= atLeast).length,
  };
}
