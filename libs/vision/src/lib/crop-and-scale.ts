import { UsageError, type Box, type Frame } from '@edge-blueprints/contracts';
import type { BoxMapping } from './box-mapping.js';
import { levelTables, rowWriter, type PictureTensor, type RowWriter } from './level-tables.js';
import { rgbToLuma } from './luma.js';

export interface CropOptions extends PictureTensor {
  /** Grey level of what lies outside of the frame, 0 to 255, before scale. */
  readonly padValue: number;
}

/** The part of a frame that a crop reads; what a `Frame` has of it is enough. */
export type CroppedFrame = Pick<Frame, 'width' | 'height' | 'format' | 'pixels'>;

export interface CropAndScale {
  /** Elements of the model input. */
  readonly length: number;
  /**
   * Scales a region of the frame, which may lie partly outside, bilinearly into the whole model input.
   * @returns how boxes and points come back to the frame
   * @throws UsageError `vision.size` for an empty region or buffers that do not fit
   */
  write(frame: CroppedFrame, region: Box, out: Float32Array | Uint8Array): BoxMapping;
}

/** For models that look at one object of a frame at a time: every call has a region of its own, so no tables are kept. */
export function createCropAndScale(options: CropOptions): CropAndScale {
  const { dstWidth, dstHeight, channels, layout, dtype } = options;
  const length = dstWidth * dstHeight * channels;
  const rowElements = layout === 'nchw' ? dstWidth : dstWidth * channels;
  const pad = Math.min(Math.max(Math.round(options.padValue), 0), 255);
  const columns = new Float64Array(dstWidth);
  const row = new Uint8Array(dstWidth * 3);
  const grey = new Uint8Array(dstWidth);
  const plane = dstWidth * dstHeight;
  const writers = {
    gray8: rowWriter(levelTables(options, 'gray8'), layout, plane),
    rgb24: rowWriter(levelTables(options, 'rgb24'), layout, plane),
  } satisfies Record<Frame['format'], RowWriter>;

  return {
    length,
    write(frame, region, out) {
      const depth = frame.format === 'rgb24' ? 3 : 1;
      const scaleX = dstWidth / (region.xMax - region.xMin);
      const scaleY = dstHeight / (region.yMax - region.yMin);
      const fits =
        frame.pixels.length === frame.width * frame.height * depth &&
        out.length === length &&
        out instanceof Float32Array === (dtype === 'float32');
      if (!fits || !(scaleX > 0 && scaleY > 0) || !Number.isFinite(scaleX + scaleY)) {
        throw new UsageError(
          'vision.size',
          `A crop ${region.xMin}, ${region.yMin} to ${region.xMax}, ${region.yMax} of a ${frame.width}x${frame.height} ${frame.format} frame with ${frame.pixels.length} bytes does not fit ${out.constructor.name} of ${out.length} (${dtype} of ${length} is needed)`,
        );
      }
      for (let x = 0; x < dstWidth; x += 1) columns[x] = region.xMin + (x + 0.5) / scaleX - 0.5;
      const luma = depth === 3 && channels === 1;
      const write = writers[luma ? 'gray8' : frame.format];
      for (let y = 0; y < dstHeight; y += 1) {
        sampleRow(frame, depth, columns, region.yMin + (y + 0.5) / scaleY - 0.5, pad, row);
        if (luma) rgbToLuma(row, grey, 0, dstWidth);
        write(luma ? grey : row, luma ? 1 : depth, dstWidth, out, y * rowElements);
      }
      const [frameWidth, frameHeight] = [frame.width, frame.height];
      const [offsetX, offsetY] = [-region.xMin * scaleX, -region.yMin * scaleY];
      return { scaleX, scaleY, offsetX, offsetY, frameWidth, frameHeight };
    },
  };
}

/** One row at height `sourceY`, pixel centres at whole numbers; the pad level where the centre lies outside of the frame. */
function sampleRow(
  { width, height, pixels }: CroppedFrame,
  depth: number,
  columns: Float64Array,
  sourceY: number,
  pad: number,
  row: Uint8Array,
): void {
  if (sourceY < -0.5 || sourceY > height - 0.5) {
    row.fill(pad, 0, columns.length * depth);
    return;
  }
  const y = Math.min(Math.max(sourceY, 0), height - 1);
  const y0 = Math.floor(y);
  const wy = y - y0;
  const top = y0 * width * depth;
  const bottom = Math.min(y0 + 1, height - 1) * width * depth;
  for (let i = 0, to = 0; i < columns.length; i += 1) {
    const sourceX = columns[i] ?? 0;
    const outside = sourceX < -0.5 || sourceX > width - 0.5;
    const x = Math.min(Math.max(sourceX, 0), width - 1);
    const x0 = Math.floor(x);
    const wx = x - x0;
    const left = x0 * depth;
    const right = Math.min(x0 + 1, width - 1) * depth;
    for (let c = 0; c < depth; c += 1, to += 1) {
      const upper = (pixels[top + left + c] ?? 0) * (1 - wx) + (pixels[top + right + c] ?? 0) * wx;
      const lower = (pixels[bottom + left + c] ?? 0) * (1 - wx) + (pixels[bottom + right + c] ?? 0) * wx;
      row[to] = outside ? pad : upper * (1 - wy) + lower * wy + 0.5;
    }
  }
}

/**
 * The region that a pose model looks at for a person: the box with a margin, widened in one direction to the sides of the
 * model, around the same middle.
 * @param aspect width of the model input over its height
 * @param margin side of the region over side of the box, 1 for none
 */
export function personRegion(box: Box, aspect: number, margin: number): Box {
  const boxWidth = Math.max(box.xMax - box.xMin, 1) * margin;
  const boxHeight = Math.max(box.yMax - box.yMin, 1) * margin;
  const halfWidth = Math.max(boxWidth, boxHeight * aspect) / 2;
  const halfHeight = halfWidth / aspect;
  const x = (box.xMin + box.xMax) / 2;
  const y = (box.yMin + box.yMax) / 2;
  return { xMin: x - halfWidth, yMin: y - halfHeight, xMax: x + halfWidth, yMax: y + halfHeight };
}
