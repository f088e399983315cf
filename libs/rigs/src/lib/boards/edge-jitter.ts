import type { Random } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import { canvasSide } from './board-geometry.js';
import type { CopperMap } from './copper-map.js';

/** A local name: a loader that turns imports into property reads would slow the loops over pixels down tenfold. */
const side = canvasSide;

const tileSide = 1024;
let tile: Uint8Array | undefined;

/**
 * Uniform bytes that hang together over some pixels, more along x: thresholding a line scan shifts an edge by a pixel
 * over a run, with single pixels strewn in between.
 */
function noiseTile(): Uint8Array {
  if (tile) return tile;
  const random = createRandom(0x5ca77e4);
  const long = coarseField(32, 16, random);
  const short = coarseField(8, 4, random);
  const values = new Float32Array(tileSide * tileSide);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = (long[i] ?? 0) * 1.1 + (short[i] ?? 0) * 0.9 + random.normal() * 0.45;
  }
  tile = rankBytes(values);
  return tile;
}

/** Normal values on a grid of this step, blended in between, wrapped at the tile. */
function coarseField(stepX: number, stepY: number, random: Random): Float64Array {
  const columns = tileSide / stepX;
  const rows = tileSide / stepY;
  const grid = Float32Array.from({ length: columns * rows }, () => random.normal());
  const field = new Float64Array(tileSide * tileSide);
  for (let y = 0; y < tileSide; y += 1) {
    const cy = Math.floor(y / stepY);
    const fy = y / stepY - cy;
    const upperRow = (cy % rows) * columns;
    const lowerRow = ((cy + 1) % rows) * columns;
    for (let x = 0; x < tileSide; x += 1) {
      const cx = Math.floor(x / stepX);
      const fx = x / stepX - cx;
      const next = (cx + 1) % columns;
      const upper = (grid[upperRow + cx] ?? 0) * (1 - fx) + (grid[upperRow + next] ?? 0) * fx;
      const lower = (grid[lowerRow + cx] ?? 0) * (1 - fx) + (grid[lowerRow + next] ?? 0) * fx;
      field[y * tileSide + x] = upper * (1 - fy) + lower * fy;
    }
  }
  return field;
}

/** Ranks instead of values make the bytes uniform, so that a threshold is a share. */
function rankBytes(values: Float32Array): Uint8Array {
  const sample = values.filter((_, i) => i % 16 === 0).sort();
  const lowest = sample[0] ?? 0;
  const bins = 4096;
  const perUnit = (bins - 1) / ((sample.at(-1) ?? 1) - lowest);
  const binOf = (value: number): number => Math.floor((value - lowest) * perUnit);
  const firstOf = new Int32Array(bins + 1).fill(sample.length);
  for (let i = sample.length - 1; i >= 0; i -= 1) firstOf[binOf(sample[i] ?? 0)] = i;
  for (let bin = bins - 1; bin >= 0; bin -= 1) firstOf[bin] = Math.min(firstOf[bin] ?? 0, firstOf[bin + 1] ?? 0);
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    let rank = firstOf[Math.min(bins, Math.max(0, binOf(value)))] ?? 0;
    while (rank < sample.length && (sample[rank] ?? 0) < value) rank += 1;
    bytes[i] = Math.min(255, Math.floor((rank / sample.length) * 256));
  }
  return bytes;
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
    const x = i % side;
    return noise[((((i - x) / side) << 10) + x + shift) & (tileSide * tileSide - 1)] ?? 0;
  };
  for (const i of copper.innerEdge) if (at(i) < eroded) mask[i] = 0;
  for (const i of copper.outerEdge) if (at(i) >= filled) mask[i] = 1;
}
