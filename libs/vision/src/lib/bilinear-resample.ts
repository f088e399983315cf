import { UsageError } from '@edge-blueprints/contracts';

/** Writes one row of the resampled image, `dstWidth * channels` bytes, interleaved as the source is. */
export type RowResampler = (pixels: Uint8Array, dstY: number, row: Uint8Array, rowOffset: number) => void;

export interface ResampleSize {
  readonly srcWidth: number;
  readonly srcHeight: number;
  readonly dstWidth: number;
  readonly dstHeight: number;
  readonly channels: 1 | 3;
}

/** Per destination index: the two source indices and the weight of the second in 1/256. Half-pixel centres, edges held. */
export interface AxisTable {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Int32Array;
}

/** @param step distance of neighbours in the source buffer, bytes */
export function createAxisTable(srcLength: number, dstLength: number, step: number): AxisTable {
  const first = new Int32Array(dstLength);
  const second = new Int32Array(dstLength);
  const weight = new Int32Array(dstLength);
  for (let i = 0; i < dstLength; i += 1) {
    const at = Math.min(Math.max(((i + 0.5) * srcLength) / dstLength - 0.5, 0), srcLength - 1);
    const low = Math.floor(at);
    first[i] = low * step;
    second[i] = Math.min(low + 1, srcLength - 1) * step;
    weight[i] = Math.round((at - low) * 256);
  }
  return { first, second, weight };
}

/**
 * Bilinear resampling in 8.8 fixed point with precomputed index tables: per output byte four loads, three products and no
 * division. Differs from exact bilinear by at most one grey level. Of equal size it copies.
 */
export function createRowResampler(size: ResampleSize): RowResampler {
  const { srcWidth, srcHeight, dstWidth, dstHeight, channels } = size;
  for (const [name, value] of Object.entries(size)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UsageError('vision.size', `Resampling needs whole, positive sizes, got ${name} ${value}.`);
    }
  }
  const stride = srcWidth * channels;
  if (srcWidth === dstWidth && srcHeight === dstHeight) {
    return (pixels, dstY, row, rowOffset) => row.set(pixels.subarray(dstY * stride, (dstY + 1) * stride), rowOffset);
  }
  const x = createAxisTable(srcWidth, dstWidth, channels);
  const y = createAxisTable(srcHeight, dstHeight, stride);
  return channels === 1 ? resampleGray(x, y) : resampleRgb(x, y);
}

// `?? 0` only satisfies the index check of the compiler; the optimiser drops it, every index is in bounds.
function resampleGray(x: AxisTable, y: AxisTable): RowResampler {
  const { first, second, weight } = x;
  const width = first.length;
  return (pixels, dstY, row, rowOffset) => {
    const top = y.first[dstY] ?? 0;
    const bottom = y.second[dstY] ?? 0;
    const wy = y.weight[dstY] ?? 0;
    for (let i = 0; i < width; i += 1) {
      const a = first[i] ?? 0;
      const b = second[i] ?? 0;
      const w = weight[i] ?? 0;
      row[rowOffset + i] = blend(pixels, top, bottom, a, b, w, wy);
    }
  };
}

function resampleRgb(x: AxisTable, y: AxisTable): RowResampler {
  const { first, second, weight } = x;
  const width = first.length;
  return (pixels, dstY, row, rowOffset) => {
    const top = y.first[dstY] ?? 0;
    const bottom = y.second[dstY] ?? 0;
    const wy = y.weight[dstY] ?? 0;
    let to = rowOffset;
    for (let i = 0; i < width; i += 1) {
      const a = first[i] ?? 0;
      const b = second[i] ?? 0;
      const w = weight[i] ?? 0;
      row[to] = blend(pixels, top, bottom, a, b, w, wy);
      row[to + 1] = blend(pixels, top + 1, bottom + 1, a, b, w, wy);
      row[to + 2] = blend(pixels, top + 2, bottom + 2, a, b, w, wy);
      to += 3;
    }
  };
}

function blend(p: Uint8Array, top: number, bottom: number, a: number, b: number, wx: number, wy: number): number {
  const topA = p[top + a] ?? 0;
  const bottomA = p[bottom + a] ?? 0;
  const upper = (topA << 8) + ((p[top + b] ?? 0) - topA) * wx;
  const lower = (bottomA << 8) + ((p[bottom + b] ?? 0) - bottomA) * wx;
  return ((upper << 8) + (lower - upper) * wy + 32768) >> 16;
}
