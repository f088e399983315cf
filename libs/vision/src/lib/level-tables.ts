import type { PixelFormat } from '@edge-blueprints/contracts';

/** The tensor that a model takes for one picture. */
export interface PictureTensor {
  readonly dstWidth: number;
  readonly dstHeight: number;
  /** Channels of the model input: grey is repeated, colour becomes BT.601 luma. */
  readonly channels: 1 | 3;
  readonly layout: 'nchw' | 'nhwc';
  readonly channelOrder?: 'rgb' | 'bgr';
  readonly dtype: 'float32' | 'uint8';
  /** float32 only: input = (level * scale - mean) / std per channel of the model, after the channel order. */
  readonly scale?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

type LevelTable = Float32Array | Uint8Array;

export interface LevelTables {
  readonly level: readonly LevelTable[];
  /** Which source channel each channel of the model takes. */
  readonly source: readonly number[];
}

/** What becomes of the 256 levels of a frame in each channel of the model: scale, mean and deviation in one look-up. */
export function levelTables(
  { channels, channelOrder = 'rgb', dtype, scale = 1, mean = [], std = [] }: PictureTensor,
  format: PixelFormat,
): LevelTables {
  const source = Array.from({ length: channels }, (_, c) => {
    if (format === 'gray8' || channels === 1) return 0;
    return channelOrder === 'bgr' ? 2 - c : c;
  });
  const level = source.map((_, c) => {
    if (dtype === 'uint8') return Uint8Array.from({ length: 256 }, (_unused, v) => v);
    return Float32Array.from({ length: 256 }, (_unused, v) => (v * scale - (mean[c] ?? 0)) / (std[c] ?? 1));
  });
  return { level, source };
}

/** Writes `width` pixels of a row whose pixels are `step` bytes apart, from the first pixel's element `at` on. */
export type RowWriter = (
  row: Uint8Array,
  step: number,
  width: number,
  out: Float32Array | Uint8Array,
  at: number,
) => void;

/** @param plane pixels of the model input */
export function rowWriter(tables: LevelTables, layout: PictureTensor['layout'], plane: number): RowWriter {
  return layout === 'nchw' ? planarWriter(tables, plane) : interleavedWriter(tables);
}

function planarWriter({ level, source }: LevelTables, plane: number): RowWriter {
  return (row, step, width, out, at) => {
    for (const [c, table] of level.entries()) {
      const to = at + c * plane;
      let from = source[c] ?? 0;
      for (let i = 0; i < width; i += 1, from += step) out[to + i] = table[row[from] ?? 0] ?? 0;
    }
  };
}

function interleavedWriter({ level, source }: LevelTables): RowWriter {
  const channels = level.length;
  return (row, step, width, out, at) => {
    for (const [c, table] of level.entries()) {
      let to = at + c;
      let from = source[c] ?? 0;
      for (let i = 0; i < width; i += 1, from += step, to += channels) out[to] = table[row[from] ?? 0] ?? 0;
    }
  };
}
