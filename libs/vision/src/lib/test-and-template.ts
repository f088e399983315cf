import { UsageError, type PixelFormat } from '@edge-blueprints/contracts';
import { createRowResampler, type RowResampler } from './bilinear-resample.js';
import type { BoxMapping } from './box-mapping.js';
import { rgbToLuma } from './luma.js';

/** The part of a `Frame` that preprocessing looks at. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly pixels: Uint8Array;
}

/** Writes a board and its golden template into `out` and returns how boxes come back to the frame of the board. */
export type TestAndTemplatePacker = (test: Picture, template: Picture, out: Uint8Array) => BoxMapping;

/**
 * Packer for a model input uint8 [1, 2, height, width]: plane 0 the board under test, plane 1 its golden template, both
 * grey. Pictures of another size are stretched bilinearly, colour becomes BT.601 luma. Keeps the tables of the last sizes.
 * @throws UsageError `vision.size` when a buffer does not fit
 */
export function createTestAndTemplatePacker(input: {
  readonly width: number;
  readonly height: number;
}): TestAndTemplatePacker {
  const planeBytes = input.width * input.height;
  const packTest = createPlanePacker(input.width, input.height);
  const packTemplate = createPlanePacker(input.width, input.height);
  return (test, template, out) => {
    if (out.length !== 2 * planeBytes) {
      throw new UsageError(
        'vision.size',
        `The input buffer must have 2 x ${input.width} x ${input.height} = ${2 * planeBytes} bytes, got ${out.length}.`,
      );
    }
    packTest(test, 'test', out, 0);
    packTemplate(template, 'template', out, planeBytes);
    return {
      scaleX: input.width / test.width,
      scaleY: input.height / test.height,
      offsetX: 0,
      offsetY: 0,
      frameWidth: test.width,
      frameHeight: test.height,
    };
  };
}

/** One-off form of `createTestAndTemplatePacker`; without `input` the model input has the size of the board's picture. */
export function packTestAndTemplate(
  test: Picture,
  template: Picture,
  out: Uint8Array,
  input: { readonly width: number; readonly height: number } = test,
): BoxMapping {
  return createTestAndTemplatePacker({ width: input.width, height: input.height })(test, template, out);
}

/** @throws UsageError `vision.size` unless the pixels fill the picture exactly */
export function checkPicture(picture: Picture, what: string): void {
  const { width, height, format, pixels } = picture;
  const expected = width * height * (format === 'rgb24' ? 3 : 1);
  if (pixels.length !== expected || expected === 0) {
    throw new UsageError(
      'vision.size',
      `The ${what} picture is ${width}x${height} ${format} and needs ${expected} bytes, got ${pixels.length}.`,
    );
  }
}

function createPlanePacker(
  width: number,
  height: number,
): (p: Picture, what: string, out: Uint8Array, at: number) => void {
  let resample: RowResampler | undefined;
  let tablesFor = '';
  let row = new Uint8Array(0);
  return (picture, what, out, at) => {
    checkPicture(picture, what);
    const { format, pixels } = picture;
    if (picture.width === width && picture.height === height) {
      if (format === 'gray8') out.set(pixels, at);
      else rgbToLuma(pixels, out, at, width * height);
      return;
    }
    const channels = format === 'rgb24' ? 3 : 1;
    const size = `${picture.width}x${picture.height}x${channels}`;
    if (!resample || tablesFor !== size) {
      const source = { srcWidth: picture.width, srcHeight: picture.height };
      resample = createRowResampler({ ...source, dstWidth: width, dstHeight: height, channels });
      tablesFor = size;
      row = new Uint8Array(width * channels);
    }
    for (let y = 0; y < height; y += 1) {
      if (channels === 1) resample(pixels, y, out, at + y * width);
      else {
        resample(pixels, y, row, 0);
        rgbToLuma(row, out, at + y * width, width);
      }
    }
  };
}
