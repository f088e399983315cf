import type { Random } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import { canvasSide } from './board-geometry.js';
import type { CopperMap } from './copper-map.js';

const tileSide = 1024;
let tile: Uint8Array | undefined;

/**
 * Uniform bytes that hang together over some pixels, more along x: thresholding a line scan shifts an edge by a pixel
 * over a run, with single pixels strewn in between.
 */
function noiseTile(): Uint8Array {
  if (tile) return tile;
  const random = createRandom(0x5ca77e4);
  const coarse = (stepX: number, stepY: number): ((x: number, y: number) => number) => {
    const columns = tileSide / stepX;
    const rows = tileSide / stepY;
    const grid = Float32Array.from({ length: columns * rows }, () => random.normal());
    return (x, y) => {
      const cx = Math.floor(x / stepX);
      const cy = Math.floor(y / stepY);
      const fx = x / stepX - cx;
      const fy = y / stepY - cy;
      const at = (gx: number, gy: number): number => grid[(gy % rows) * columns + (gx % columns)] ?? 0;
      const upper = at(cx, cy) * (1 - fx) + at(cx + 1, cy) * fx;
      const lower = at(cx, cy + 1) * (1 - fx) + at(cx + 1, cy + 1) * fx;
      return upper * (1 - fy) + lower * fy;
    };
  };
  const long = coarse(32, 16);
  const short = coarse(8, 4);
  const values = new Float32Array(tileSide * tileSide);
  for (let i = 0; i < values.length; i += 1) {
    const x = i % tileSide;
    const y = (i - x) / tileSide;
    values[i] = long(x, y) * 1.1 + short(x, y) * 0.9 + random.normal() * 0.45;
  }
  // Ranks make the bytes uniform, so that a threshold is a share.
  const sample = values.filter((_, i) => i % 16 === 0).sort();
  tile = values.reduce((bytes, value, i) => {
    let low = 0;
    let high = sample.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sample[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    bytes[i] = Math.min(255, Math.floor((low / sample.length) * 256));
    return bytes;
  }, new Uint8Array(values.length));
  return tile;
}

/** Shares of the edge pixels that change side. */
export interface EdgeJitter {
  readonly eroded: number;
  readonly filled: number;
}

/** Moves edges by at most one pixel, in place. Never breaks a trace nor joins two nets (see `innerEdge`, `outerEdge`). */
export function jitterEdges(mask: Uint8Array, copper: CopperMap, jitter: EdgeJitter, random: Random): void {
  const noise = noiseTile();
  const shift = random.integer(0, tileSide * tileSide - 1);
  const eroded = jitter.eroded * 256;
  const filled = 256 - jitter.filled * 256;
  const at = (i: number): number => {
    const x = i % canvasSide;
    return noise[((((i - x) / canvasSide) << 10) + x + shift) & (tileSide * tileSide - 1)] ?? 0;
  };
  for (const i of copper.innerEdge) if (at(i) < eroded) mask[i] = 0;
  for (const i of copper.outerEdge) if (at(i) >= filled) mask[i] = 1;
}
