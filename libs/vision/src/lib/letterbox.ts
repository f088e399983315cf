import { UsageError, type PixelFormat } from '@edge-blueprints/contracts';
import { createRowResampler } from './bilinear-resample.js';
import type { BoxMapping } from './box-mapping.js';
import { levelTables, rowWriter, type LevelTables, type PictureTensor } from './level-tables.js';
import { rgbToLuma } from './luma.js';

/** How a frame becomes the input of a model that wants one picture. */
export interface LetterboxOptions extends PictureTensor {
  readonly srcWidth: number;
  readonly srcHeight: number;
  readonly format: PixelFormat;
  /** Grey level of the bars, 0 to 255, before scale. */
  readonly padValue?: number;
  /** Where the frame lies between its bars; centre when left out. */
  readonly align?: LetterboxAlign | undefined;
  /** contain keeps the sides and leaves bars; stretch fills the input. contain when left out. */
  readonly fit?: LetterboxFit | undefined;
}

export type LetterboxAlign = 'centre' | 'top-left';
export type LetterboxFit = 'contain' | 'stretch';

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
 * Scales the frame bilinearly into the model input, by default with its sides kept, in the middle between bars. The tables are made
 * once per geometry; a frame costs one pass: fixed-point blend of four pixels, one look-up per channel (scale, mean and
 * deviation are folded into 256 values), written straight into the tensor.
 * @throws UsageError `vision.size` for impossible geometry or buffers that do not fit
 */
export function createLetterbox(options: LetterboxOptions): Letterbox {
  const { srcWidth, srcHeight, format, dstWidth, dstHeight, channels, layout, dtype, padValue = 114 } = options;
  const srcChannels = format === 'rgb24' ? 3 : 1;
  const place = placeWithin(options);
  const resample = createRowResampler({
    srcWidth,
    srcHeight,
    dstWidth: place.width,
    dstHeight: place.height,
    channels: srcChannels,
  });
  const tables = levelTables(options, format);
  const row = new Uint8Array(place.width * srcChannels);
  const grey = srcChannels === 3 && channels === 1 ? new Uint8Array(place.width) : row;
  const step = grey === row ? srcChannels : 1;
  const length = dstWidth * dstHeight * channels;
  const writeRow = rowWriter(tables, layout, dstWidth * dstHeight);
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

/** The frame's place in the model input, whole pixels; centred, an odd rest goes below and to the right. */
function placeWithin({ srcWidth, srcHeight, dstWidth, dstHeight, align, fit }: LetterboxOptions): Placement {
  if (fit === 'stretch') return { width: dstWidth, height: dstHeight, left: 0, top: 0 };
  const scale = Math.min(dstWidth / srcWidth, dstHeight / srcHeight);
  const width = Math.max(1, Math.min(dstWidth, Math.round(srcWidth * scale)));
  const height = Math.max(1, Math.min(dstHeight, Math.round(srcHeight * scale)));
  if (align === 'top-left') return { width, height, left: 0, top: 0 };
  return { width, height, left: Math.floor((dstWidth - width) / 2), top: Math.floor((dstHeight - height) / 2) };
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
