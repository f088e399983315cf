import { UsageError, type PixelFormat } from '@edge-blueprints/contracts';
import { createRowResampler } from './bilinear-resample.js';
import type { BoxMapping } from './box-mapping.js';
import { rgbToLuma } from './luma.js';

/** How a frame becomes the input of a model that wants one picture. */
export interface LetterboxOptions {
  readonly srcWidth: number;
  readonly srcHeight: number;
  readonly format: PixelFormat;
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
  /** Grey level of the bars, 0 to 255, before scale. */
  readonly padValue?: number;
}

export interface Letterbox {
  /** Takes boxes back to the frame, with `toFrameBox`. */
  readonly mapping: BoxMapping;
  /** Elements of the model input. */
  readonly length: number;
  /** Fills the whole buffer, bars included; the buffer may come from a pool. */
  write(pixels: Uint8Array, out: Float32Array | Uint8Array): void;
}

interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Scales the frame bilinearly into the model input, keeps its proportions, centres it between bars. The tables are made
 * once per geometry; a frame costs one pass: fixed-point blend of four pixels, one look-up per channel (scale, mean and
 * deviation are folded into 256 values), written straight into the tensor.
 * @throws UsageError `vision.size` for impossible geometry or buffers that do not fit
 */
export function createLetterbox(options: LetterboxOptions): Letterbox {
  const { srcWidth, srcHeight, format, dstWidth, dstHeight, channels, layout, dtype, padValue = 114 } = options;
  const srcChannels = format === 'rgb24' ? 3 : 1;
  const place = placeWithin(srcWidth, srcHeight, dstWidth, dstHeight);
  const resample = createRowResampler({
    srcWidth,
    srcHeight,
    dstWidth: place.width,
    dstHeight: place.height,
    channels: srcChannels,
  });
  const tables = levelTables(options);
  const row = new Uint8Array(place.width * srcChannels);
  const grey = srcChannels === 3 && channels === 1 ? new Uint8Array(place.width) : row;
  const step = grey === row ? srcChannels : 1;
  const length = dstWidth * dstHeight * channels;
  const writeRow = layout === 'nchw' ? planarWriter(tables, dstWidth * dstHeight) : interleavedWriter(tables);
  const rowElements = layout === 'nchw' ? dstWidth : dstWidth * channels;
  const pad = Math.min(Math.max(Math.round(padValue), 0), 255);

  return {
    length,
    mapping: {
      scaleX: place.width / srcWidth,
      scaleY: place.height / srcHeight,
      offsetX: place.left,
      offsetY: place.top,
      frameWidth: srcWidth,
      frameHeight: srcHeight,
    },
    write(pixels, out) {
      const expected = srcWidth * srcHeight * srcChannels;
      if (
        pixels.length !== expected ||
        out.length !== length ||
        out instanceof Float32Array !== (dtype === 'float32')
      ) {
        throw new UsageError(
          'vision.size',
          `Letterbox ${srcWidth}x${srcHeight} ${format} to ${dtype} of ${length} needs ${expected} bytes of pixels, got ${pixels.length} and ${out.constructor.name} of ${out.length}.`,
        );
      }
      fillBars(out, options, place, tables, pad);
      for (let y = 0; y < place.height; y += 1) {
        resample(pixels, y, row, 0);
        if (grey !== row) rgbToLuma(row, grey, 0, place.width);
        const start = layout === 'nchw' ? place.left : place.left * channels;
        writeRow(grey, step, place.width, out, (place.top + y) * rowElements + start);
      }
    },
  };
}

/** The frame's place in the model input, whole pixels, centred; an odd rest goes below and to the right. */
export function placeWithin(srcWidth: number, srcHeight: number, dstWidth: number, dstHeight: number): Placement {
  const scale = Math.min(dstWidth / srcWidth, dstHeight / srcHeight);
  const width = Math.max(1, Math.min(dstWidth, Math.round(srcWidth * scale)));
  const height = Math.max(1, Math.min(dstHeight, Math.round(srcHeight * scale)));
  return { width, height, left: Math.floor((dstWidth - width) / 2), top: Math.floor((dstHeight - height) / 2) };
}

type LevelTable = Float32Array | Uint8Array;

interface LevelTables {
  readonly level: readonly LevelTable[];
  /** Which source channel each channel of the model takes. */
  readonly source: readonly number[];
}

function levelTables({
  channels,
  format,
  channelOrder = 'rgb',
  dtype,
  scale = 1,
  mean = [],
  std = [],
}: LetterboxOptions): LevelTables {
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

type RowWriter = (row: Uint8Array, step: number, width: number, out: Float32Array | Uint8Array, at: number) => void;

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

function fillBars(
  out: Float32Array | Uint8Array,
  options: LetterboxOptions,
  place: Placement,
  tables: LevelTables,
  pad: number,
): void {
  const { dstWidth, dstHeight, channels, layout } = options;
  const right = place.left + place.width;
  const bottom = place.top + place.height;
  if (place.width === dstWidth && place.height === dstHeight) return;
  tables.level.forEach((table, c) => {
    const value = table[pad] ?? 0;
    if (layout === 'nchw') {
      const plane = c * dstWidth * dstHeight;
      out.fill(value, plane, plane + place.top * dstWidth);
      out.fill(value, plane + bottom * dstWidth, plane + dstHeight * dstWidth);
      if (place.width === dstWidth) return;
      for (let y = place.top; y < bottom; y += 1) {
        out.fill(value, plane + y * dstWidth, plane + y * dstWidth + place.left);
        out.fill(value, plane + y * dstWidth + right, plane + (y + 1) * dstWidth);
      }
      return;
    }
    for (let y = 0; y < dstHeight; y += 1) {
      for (let x = 0; x < dstWidth; x += 1) {
        if (y >= place.top && y < bottom && x === place.left) x = right;
        if (x < dstWidth) out[(y * dstWidth + x) * channels + c] = value;
      }
    }
  });
}
