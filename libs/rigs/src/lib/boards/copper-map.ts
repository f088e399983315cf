import { canvasSide } from './board-geometry.js';

const side = canvasSide;

/** Distances of `copper-map` are in thirds of a pixel (chamfer 3-4, Borgefors 1986), capped at 765. */
export const thirdsPerPixel = 3;

/** Distance of every pixel to the nearest pixel of the mask whose value is `target`. Beyond the canvas is unknown, not a target. */
export function chamferDistance(mask: Uint8Array, target: 0 | 1): Uint16Array {
  const cap = 765;
  const out = new Uint16Array(side * side);
  for (let i = 0; i < out.length; i += 1) out[i] = mask[i] === target ? 0 : cap;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const i = y * side + x;
      let best = out[i] ?? 0;
      if (best === 0) continue;
      if (x > 0) best = Math.min(best, (out[i - 1] ?? cap) + 3);
      if (y > 0) {
        best = Math.min(best, (out[i - side] ?? cap) + 3);
        if (x > 0) best = Math.min(best, (out[i - side - 1] ?? cap) + 4);
        if (x < side - 1) best = Math.min(best, (out[i - side + 1] ?? cap) + 4);
      }
      out[i] = best;
    }
  }
  for (let y = side - 1; y >= 0; y -= 1) {
    for (let x = side - 1; x >= 0; x -= 1) {
      const i = y * side + x;
      let best = out[i] ?? 0;
      if (best === 0) continue;
      if (x < side - 1) best = Math.min(best, (out[i + 1] ?? cap) + 3);
      if (y < side - 1) {
        best = Math.min(best, (out[i + side] ?? cap) + 3);
        if (x < side - 1) best = Math.min(best, (out[i + side + 1] ?? cap) + 4);
        if (x > 0) best = Math.min(best, (out[i + side - 1] ?? cap) + 4);
      }
      out[i] = best;
    }
  }
  return out;
}

export interface Components {
  /** 0 where the pixel is not of the wanted value, else 1 to `sizes.length - 1`. */
  readonly labels: Uint16Array;
  /** Pixels of each label; index 0 unused. */
  readonly sizes: readonly number[];
}

/**
 * Connected parts of a mask of any width. Copper joins over corners (8 neighbours), bare board does not (4), so that a
 * closed diagonal line of copper separates.
 */
export function connectedComponents(mask: Uint8Array, width: number, value: 0 | 1): Components {
  const height = mask.length / width;
  const labels = new Uint16Array(mask.length);
  const sizes: number[] = [0];
  const stack: number[] = [];
  const corners = value === 1;
  for (let start = 0; start < mask.length; start += 1) {
    if (mask[start] !== value || labels[start] !== 0) continue;
    const label = sizes.length;
    let size = 0;
    labels[start] = label;
    stack.push(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      size += 1;
      const x = i % width;
      const y = (i - x) / width;
      for (let dy = -1; dy <= 1; dy += 1) {
        const ny = y + dy;
        if (ny < 0 || ny >= height) continue;
        for (let dx = -1; dx <= 1; dx += 1) {
          if (!corners && dx !== 0 && dy !== 0) continue;
          const nx = x + dx;
          if (nx < 0 || nx >= width) continue;
          const n = ny * width + nx;
          if (mask[n] === value && labels[n] === 0) {
            labels[n] = label;
            stack.push(n);
          }
        }
      }
    }
    sizes.push(size);
  }
  return { labels, sizes };
}

/** What the renderer knows about a board's artwork. All maps have the side of the canvas. */
export interface CopperMap {
  readonly mask: Uint8Array;
  /** Net of each copper pixel, 0 on bare board. */
  readonly nets: Uint16Array;
  readonly netCount: number;
  /** Thirds of a pixel from copper to the nearest bare board. */
  readonly depth: Uint16Array;
  /** Thirds of a pixel from bare board to the nearest copper. */
  readonly clearance: Uint16Array;
  /** Copper pixels at an edge that may erode without breaking a trace. */
  readonly innerEdge: Int32Array;
  /** Bare pixels at an edge that may fill without joining two nets. */
  readonly outerEdge: Int32Array;
}

export function mapCopper(mask: Uint8Array): CopperMap {
  const depth = chamferDistance(mask, 0);
  const clearance = chamferDistance(mask, 1);
  const components = connectedComponents(mask, side, 1);
  const inner: number[] = [];
  const outer: number[] = [];
  const reachesDeeper = (distances: Uint16Array, i: number): boolean => {
    for (let dy = -side; dy <= side; dy += side) {
      for (let dx = -1; dx <= 1; dx += 1) if ((distances[i + dy + dx] ?? 0) >= 2 * thirdsPerPixel) return true;
    }
    return false;
  };
  for (let y = 1; y < side - 1; y += 1) {
    for (let x = 1; x < side - 1; x += 1) {
      const i = y * side + x;
      if (depth[i] === 3 && reachesDeeper(depth, i)) inner.push(i);
      else if (clearance[i] === 3 && reachesDeeper(clearance, i)) outer.push(i);
    }
  }
  return {
    mask,
    nets: components.labels,
    netCount: components.sizes.length - 1,
    depth,
    clearance,
    innerEdge: Int32Array.from(inner),
    outerEdge: Int32Array.from(outer),
  };
}
