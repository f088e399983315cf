import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureFeatures } from './picture-features.js';
import type { Picture } from './test-and-template.js';

const picture = (value: (x: number, y: number) => number, width = 64, height = 64): Picture => ({
  width,
  height,
  format: 'gray8',
  pixels: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});

describe('pictureFeatures', () => {
  it('has closed forms for flat, striped and checkered pictures', () => {
    expect(pictureFeatures(picture(() => 51))).toEqual({ brightness: 0.2, contrast: 0, sharpness: 0 });
    // A plane has no curvature, so its Laplacian is zero everywhere.
    expect(pictureFeatures(picture((x) => x)).sharpness).toBe(0);
    // On a board of 0 and 255 every neighbour is the opposite: the Laplacian is +-4 grey levels, its variance 16.
    const board = pictureFeatures(picture((x, y) => ((x + y) % 2) * 255));
    expect(board.contrast).toBeCloseTo(0.5, 12);
    expect(board.brightness).toBeCloseTo(0.5, 12);
    expect(board.sharpness).toBeCloseTo(16, 9);
  });

  it('of noise has the variance of a sum of independent pixels: (4 + 16) s^2', () => {
    const random = createRandom(5);
    const noise = pictureFeatures(picture(() => random.integer(0, 255), 126, 126));
    const variance = (256 ** 2 - 1) / 12 / 255 ** 2;
    expect(noise.sharpness / (20 * variance)).toBeGreaterThan(0.95);
    expect(noise.sharpness / (20 * variance)).toBeLessThan(1.05);
  });

  it('falls when the picture is blurred, and takes the green channel of colour', () => {
    const random = createRandom(6);
    const sharp = picture(() => random.integer(0, 255));
    const at = (x: number, y: number) =>
      sharp.pixels[Math.min(63, Math.max(0, y)) * 64 + Math.min(63, Math.max(0, x))] ?? 0;
    const blurred = picture((x, y) => (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4);
    expect(pictureFeatures(blurred).sharpness).toBeLessThan(pictureFeatures(sharp).sharpness / 3);
    const rgb: Picture = {
      width: 64,
      height: 64,
      format: 'rgb24',
      pixels: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) =>
        i % 3 === 1 ? (sharp.pixels[Math.floor(i / 3)] ?? 0) : 9,
      ),
    };
    expect(pictureFeatures(rgb)).toEqual(pictureFeatures(sharp));
  });

  it('stays within its ranges for any picture of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (width, height, seed) => {
        const random = createRandom(seed);
        const { brightness, contrast, sharpness } = pictureFeatures(
          picture(() => random.integer(0, 255), width, height),
        );
        expect(
          brightness >= 0 && brightness <= 1 && contrast >= 0 && contrast <= 0.5 && sharpness >= 0 && sharpness <= 16,
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
