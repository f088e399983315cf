import { createRandom, type Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFrameBox, toFramePoint } from './box-mapping.js';
import { createCropAndScale, personRegion } from './crop-and-scale.js';
import { createPersonCropPreparation } from './prepare-person-crop.js';

const gray = { channels: 1, layout: 'nchw', dtype: 'uint8', padValue: 9 } as const;

describe('crop and scale', () => {
  it('gives a region of its own size as it is, and the pad level beyond the frame', () => {
    const frame = { width: 4, height: 2, format: 'gray8' as const, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const out = new Uint8Array(9);
    const crop = createCropAndScale({ ...gray, dstWidth: 3, dstHeight: 3 });
    const mapping = crop.write(frame, { xMin: 2, yMin: -1, xMax: 5, yMax: 2 }, out);
    expect([...out]).toEqual([9, 9, 9, 3, 4, 9, 7, 8, 9]);
    expect(toFramePoint({ x: 0, y: 1, score: 1 }, mapping)).toEqual({ x: 2, y: 0, score: 1 });
  });

  it('agrees with bilinear sampling of the definition, whatever the region, layout and order', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const from = fc.double({ min: -8, max: 12, noNaN: true });
    const length = fc.double({ min: 0.5, max: 30, noNaN: true });
    const colours = fc.constantFrom('rgb' as const, 'bgr' as const);
    const layouts = fc.constantFrom('nchw' as const, 'nhwc' as const);
    fc.assert(
      fc.property(
        fc.tuple(size, size, size, size),
        fc.tuple(from, from, length, length),
        colours,
        layouts,
        fc.integer(),
        ([width, height, dstWidth, dstHeight], [x, y, w, h], channelOrder, layout, seed) => {
          const random = createRandom(seed);
          const pixels = Uint8Array.from({ length: width * height * 3 }, () => random.integer(0, 255));
          const region = { xMin: x, yMin: y, xMax: x + w, yMax: y + h };
          const tensor = { dstWidth, dstHeight, channels: 3, layout, channelOrder, dtype: 'float32' } as const;
          const out = new Float32Array(3 * dstWidth * dstHeight);
          createCropAndScale({ ...tensor, padValue: 40 }).write(
            { width, height, format: 'rgb24', pixels },
            region,
            out,
          );
          for (let i = 0; i < dstWidth * dstHeight; i += 1) {
            const sx = x + (((i % dstWidth) + 0.5) * w) / dstWidth - 0.5;
            const sy = y + ((Math.floor(i / dstWidth) + 0.5) * h) / dstHeight - 0.5;
            const edge = [sx + 0.5, sy + 0.5, sx - width + 0.5, sy - height + 0.5].some((d) => Math.abs(d) < 1e-9);
            if (edge) continue;
            for (let c = 0; c < 3; c += 1) {
              const level = levelAt(pixels, width, height, sx, sy, channelOrder === 'bgr' ? 2 - c : c);
              const got = out[layout === 'nchw' ? c * dstWidth * dstHeight + i : i * 3 + c] ?? NaN;
              expect(Math.abs(got - (level ?? 40))).toBeLessThanOrEqual(0.5001);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses an empty region and buffers of another size', () => {
    const crop = createCropAndScale({ ...gray, dstWidth: 3, dstHeight: 3 });
    const frame = { width: 4, height: 2, format: 'gray8' as const, pixels: new Uint8Array(8) };
    const region = { xMin: 0, yMin: 0, xMax: 2, yMax: 2 };
    expect(() => crop.write(frame, { ...region, xMax: 0 }, new Uint8Array(9))).toThrow(/crop/);
    expect(() => crop.write(frame, region, new Uint8Array(8))).toThrow(/Uint8Array of 8/);
    expect(() => crop.write({ ...frame, pixels: new Uint8Array(7) }, region, new Uint8Array(9))).toThrow(/7 bytes/);
  });
});

function levelAt(pixels: Uint8Array, width: number, height: number, sx: number, sy: number, c: number) {
  if (sx < -0.5 || sy < -0.5 || sx > width - 0.5 || sy > height - 0.5) return undefined;
  const [x, y] = [Math.min(Math.max(sx, 0), width - 1), Math.min(Math.max(sy, 0), height - 1)];
  const at = (i: number, j: number): number =>
    pixels[(Math.min(j, height - 1) * width + Math.min(i, width - 1)) * 3 + c] ?? NaN;
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const upper = at(i, j) * (1 - x + i) + at(i + 1, j) * (x - i);
  const lower = at(i, j + 1) * (1 - x + i) + at(i + 1, j + 1) * (x - i);
  return upper * (1 - y + j) + lower * (y - j);
}

describe('person crop', () => {
  it('holds the box with its margin, has the sides of the model, around the same middle', () => {
    const side = fc.double({ min: 2, max: 500, noNaN: true });
    fc.assert(
      fc.property(side, side, side, side, (xMin, yMin, width, height) => {
        const region = personRegion({ xMin, yMin, xMax: xMin + width, yMax: yMin + height }, 0.75, 1.25);
        const [w, h] = [region.xMax - region.xMin, region.yMax - region.yMin];
        expect(w / h).toBeCloseTo(0.75, 9);
        expect(w).toBeGreaterThan(1.25 * width - 1e-6);
        expect(h).toBeGreaterThan(1.25 * height - 1e-6);
        expect(Math.min(w / width, h / height)).toBeCloseTo(1.25, 6);
        expect((region.xMin + region.xMax) / 2).toBeCloseTo(xMin + width / 2, 6);
      }),
    );
  });

  it('fills the input of the engine and maps the box back to where it was', () => {
    const image = { dtype: 'float32', dims: [1, 3, 8, 6], data: new Float32Array(144) } as const;
    const engine = { allocateInputs: (): Tensors => ({ image }) };
    const rules = {
      ...({ input: 'image', layout: 'nchw', channels: 'rgb' } as const),
      ...{ padValue: 0, scale: 1 / 255, mean: [0.5], std: [0.5], margin: 1 },
    };
    const frame = { width: 12, height: 12, format: 'rgb24' as const, pixels: new Uint8Array(432).fill(255) };
    const box = { xMin: 3, yMin: 2, xMax: 9, yMax: 10 };
    const { mapping } = createPersonCropPreparation({ rules, engine })(frame, box);
    expect(image.data[0]).toBeCloseTo(1, 6);
    expect(toFrameBox({ xMin: 0, yMin: 0, xMax: 6, yMax: 8 }, mapping)).toEqual(box);
  });
});
