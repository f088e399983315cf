import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFrameBox } from './box-mapping.js';
import { createLetterbox, type LetterboxOptions } from './letterbox.js';
import { letterboxReference } from './letterbox.reference.js';

const size = fc.integer({ min: 1, max: 24 });
const options: fc.Arbitrary<LetterboxOptions> = fc.record({
  srcWidth: size,
  srcHeight: size,
  format: fc.constantFrom('gray8' as const, 'rgb24' as const),
  dstWidth: size,
  dstHeight: size,
  channels: fc.constantFrom(1 as const, 3 as const),
  layout: fc.constantFrom('nchw' as const, 'nhwc' as const),
  channelOrder: fc.constantFrom('rgb' as const, 'bgr' as const),
  dtype: fc.constantFrom('float32' as const, 'uint8' as const),
  align: fc.constantFrom('centre' as const, 'top-left' as const),
  fit: fc.constantFrom('contain' as const, 'stretch' as const),
});

function pixelsFor(o: LetterboxOptions, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: o.srcWidth * o.srcHeight * (o.format === 'rgb24' ? 3 : 1) }, () =>
    random.integer(0, 255),
  );
}

describe('createLetterbox', () => {
  it('stays within two grey levels of the definition, for every geometry, layout and type', () => {
    fc.assert(
      fc.property(options, fc.integer(), (o, seed) => {
        const pixels = pixelsFor(o, seed);
        const box = createLetterbox(o);
        const out = o.dtype === 'uint8' ? new Uint8Array(box.length).fill(7) : new Float32Array(box.length).fill(NaN);
        box.write(pixels, out);
        const exact = letterboxReference(o, pixels);
        exact.forEach((value, i) => expect(Math.abs((out[i] ?? NaN) - value)).toBeLessThanOrEqual(2));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { srcWidth: 18, srcHeight: 12, dstWidth: 6, dstHeight: 4 },
    { srcWidth: 18, srcHeight: 12, dstWidth: 6, dstHeight: 6 },
    { srcWidth: 18, srcHeight: 6, dstWidth: 9, dstHeight: 3 },
    { srcWidth: 10, srcHeight: 50, dstWidth: 2, dstHeight: 10 },
  ])(
    'takes pixels as they are where centres fall on pixels: $srcWidth x $srcHeight to $dstWidth x $dstHeight',
    (geometry) => {
      for (const format of ['gray8', 'rgb24'] as const) {
        const o: LetterboxOptions = { ...geometry, format, channels: 3, layout: 'nchw', dtype: 'float32' };
        const pixels = pixelsFor(o, 7);
        const out = new Float32Array(createLetterbox(o).length);
        createLetterbox(o).write(pixels, out);
        letterboxReference(o, pixels).forEach((value, i) =>
          expect(Math.abs((out[i] ?? NaN) - value)).toBeLessThanOrEqual(1),
        );
      }
    },
  );

  it('folds scale, mean and deviation of each channel into the levels', () => {
    const o: LetterboxOptions = {
      ...{
        srcWidth: 2,
        srcHeight: 2,
        format: 'rgb24',
        dstWidth: 2,
        dstHeight: 2,
        channels: 3,
        layout: 'nchw',
        dtype: 'float32',
      },
      ...{ scale: 1 / 255, mean: [0.5, 0.25, 0], std: [0.5, 1, 2] },
    };
    const out = new Float32Array(12);
    createLetterbox(o).write(new Uint8Array(12).fill(255), out);
    expect([out[0], out[4], out[8]]).toEqual([1, 0.75, 0.5]);
  });

  it('centres a wide frame between bars of the pad value and maps boxes back', () => {
    const box = createLetterbox({
      srcWidth: 8,
      srcHeight: 4,
      format: 'gray8',
      dstWidth: 4,
      dstHeight: 4,
      channels: 1,
      layout: 'nchw',
      dtype: 'uint8',
      padValue: 9,
    });
    const out = new Uint8Array(16);
    box.write(new Uint8Array(32).fill(50), out);
    expect([...out]).toEqual([9, 9, 9, 9, 50, 50, 50, 50, 50, 50, 50, 50, 9, 9, 9, 9]);
    expect(toFrameBox({ xMin: 1, yMin: 0, xMax: 3, yMax: 2 }, box.mapping)).toEqual({
      xMin: 2,
      yMin: 0,
      xMax: 6,
      yMax: 2,
    });
  });

  it('puts a wide frame at the top, or stretches it, and maps boxes back either way', () => {
    const geometry = { srcWidth: 8, srcHeight: 4, format: 'gray8', dstWidth: 4, dstHeight: 4, padValue: 9 } as const;
    const tensor = { channels: 1, layout: 'nchw', dtype: 'uint8' } as const;
    const whole = { xMin: 0, yMin: 0, xMax: 8, yMax: 4 };
    const top = createLetterbox({ ...geometry, ...tensor, align: 'top-left' });
    const stretched = createLetterbox({ ...geometry, ...tensor, fit: 'stretch' });
    const out = new Uint8Array(16);
    top.write(new Uint8Array(32).fill(50), out);
    expect([...out]).toEqual([50, 50, 50, 50, 50, 50, 50, 50, 9, 9, 9, 9, 9, 9, 9, 9]);
    expect(toFrameBox({ xMin: 0, yMin: 0, xMax: 4, yMax: 2 }, top.mapping)).toEqual(whole);
    stretched.write(new Uint8Array(32).fill(50), out);
    expect(out).toEqual(new Uint8Array(16).fill(50));
    expect(toFrameBox({ xMin: 0, yMin: 0, xMax: 4, yMax: 4 }, stretched.mapping)).toEqual(whole);
  });

  it('leaves nothing of an earlier frame in a reused buffer', () => {
    fc.assert(
      fc.property(options, (o) => {
        const box = createLetterbox({ ...o, dtype: 'uint8' });
        const fresh = new Uint8Array(box.length);
        const used = new Uint8Array(box.length).fill(255);
        const pixels = pixelsFor(o, 1);
        box.write(pixels, fresh);
        box.write(pixels, used);
        expect(used).toEqual(fresh);
      }),
    );
  });

  it('brings a box that was taken along back to where it was', () => {
    const dimension = fc.integer({ min: 16, max: 2000 });
    fc.assert(
      fc.property(dimension, dimension, fc.double({ min: 0, max: 1, noNaN: true }), (srcWidth, srcHeight, share) => {
        const { mapping } = createLetterbox({
          srcWidth,
          srcHeight,
          format: 'gray8',
          dstWidth: 640,
          dstHeight: 640,
          channels: 1,
          layout: 'nchw',
          dtype: 'uint8',
        });
        const inFrame = { xMin: share * srcWidth, yMin: 0, xMax: srcWidth, yMax: share * srcHeight };
        const back = toFrameBox(
          {
            xMin: inFrame.xMin * mapping.scaleX + mapping.offsetX,
            yMin: mapping.offsetY,
            xMax: inFrame.xMax * mapping.scaleX + mapping.offsetX,
            yMax: inFrame.yMax * mapping.scaleY + mapping.offsetY,
          },
          mapping,
        );
        expect(back.xMin).toBeCloseTo(inFrame.xMin, 6);
        expect(back.yMax).toBeCloseTo(inFrame.yMax, 6);
        expect(back.xMax).toBeCloseTo(srcWidth, 6);
      }),
    );
  });

  it('refuses pixels and buffers that do not fit', () => {
    const box = createLetterbox({
      srcWidth: 4,
      srcHeight: 4,
      format: 'gray8',
      dstWidth: 4,
      dstHeight: 4,
      channels: 1,
      layout: 'nchw',
      dtype: 'uint8',
    });
    expect(() => box.write(new Uint8Array(15), new Uint8Array(16))).toThrow(/needs 16 bytes of pixels, got 15/);
    expect(() => box.write(new Uint8Array(16), new Float32Array(16))).toThrow(/Float32Array of 16/);
  });
});
