import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPicture, placeBox, placeLabel } from './box-scaling.js';

describe('fitPicture', () => {
  it('centres a wide picture in a square', () => {
    expect(fitPicture(200, 100, 400, 400)).toEqual({ scale: 2, left: 0, top: 100, width: 400, height: 200 });
  });

  it('draws nothing of a picture without size', () => {
    expect(fitPicture(0, 100, 400, 400).scale).toBe(0);
  });
});

describe('placeBox', () => {
  it('puts a box of the frame where the picture shows it, with a margin', () => {
    const fit = fitPicture(200, 100, 400, 400);
    expect(placeBox({ xMin: 10, yMin: 20, xMax: 30, yMax: 40 }, fit, 4)).toEqual({
      left: 16,
      top: 136,
      width: 48,
      height: 48,
    });
  });

  it('never leaves the picture', () => {
    const coordinate = fc.integer({ min: -50, max: 700 });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (a, b, c, d) => {
        const fit = fitPicture(640, 640, 371, 371);
        const box = placeBox(
          { xMin: Math.min(a, c), yMin: Math.min(b, d), xMax: Math.max(a, c), yMax: Math.max(b, d) },
          fit,
          4,
        );
        expect(box.width).toBeGreaterThanOrEqual(0);
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.left + box.width).toBeLessThanOrEqual(Math.max(371, box.left) + 1e-9);
      }),
    );
  });
});

describe('placeLabel', () => {
  const fit = fitPicture(100, 100, 100, 100);

  it('sits above its box where there is room', () => {
    expect(placeLabel({ left: 10, top: 50, width: 20, height: 20 }, 40, 18, fit)).toMatchObject({ left: 10, top: 32 });
  });

  it('goes below a box at the upper edge and stays inside at the right edge', () => {
    expect(placeLabel({ left: 90, top: 5, width: 10, height: 10 }, 40, 18, fit)).toMatchObject({ left: 60, top: 15 });
  });
});
