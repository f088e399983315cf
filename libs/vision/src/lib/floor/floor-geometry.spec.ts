import type { FloorPoint } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alongLine, insideOfLineM, passesLineAt, type DirectedLine } from './floor-line.js';
import { depthInPolygonM, isInPolygon, isSelfIntersecting, polygonAreaM2, sharedAreaM2 } from './floor-polygon.js';

/** Concave: a square of 4 with the square of 2 at its upper right taken out. */
const corner: FloorPoint[] = [
  [0, 0],
  [4, 0],
  [4, 2],
  [2, 2],
  [2, 4],
  [0, 4],
];
const square = (x: number, y: number, side: number): FloorPoint[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const place = fc.tuple(fc.double({ min: -1, max: 5, noNaN: true }), fc.double({ min: -1, max: 5, noNaN: true }));

describe('polygons on the floor', () => {
  it('measures the depth from the border, positive inside, in a concave polygon too', () => {
    expect(depthInPolygonM(corner, [1, 1])).toBe(1);
    expect(depthInPolygonM(corner, [3, 3])).toBe(-1);
    expect(depthInPolygonM(corner, [1.9, 1.9])).toBeCloseTo(Math.hypot(0.1, 0.1), 12);
    expect(depthInPolygonM(corner, [-3, -4])).toBe(-5);
  });

  it('sees inside the same whichever way the corners run, and the depth is 1-Lipschitz', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(isInPolygon(corner.toReversed(), a)).toBe(isInPolygon(corner, a));
        expect(Math.abs(depthInPolygonM(corner, a) - depthInPolygonM(corner, b))).toBeLessThanOrEqual(
          Math.hypot(a[0] - b[0], a[1] - b[1]) + 1e-9,
        );
      }),
    );
  });

  it('tells simple borders from crossing, touching and folded ones', () => {
    expect(isSelfIntersecting(corner)).toBe(false);
    expect(
      isSelfIntersecting([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
      ]),
    ).toBe(true);
    expect(
      isSelfIntersecting([
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 0],
        [0, 4],
      ]),
    ).toBe(true);
    expect(
      isSelfIntersecting([
        [0, 0],
        [4, 0],
        [1, 0],
        [0, 4],
      ]),
    ).toBe(true);
    expect(
      isSelfIntersecting([
        [0, 0],
        [0, 0],
        [1, 0],
        [0, 4],
      ]),
    ).toBe(true);
    expect(
      isSelfIntersecting([
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
    ).toBe(false);
  });

  it('shares area exactly: borders share none, concave parts count once', () => {
    expect(polygonAreaM2(corner)).toBe(12);
    expect(sharedAreaM2(corner, square(0, 0, 4))).toBeCloseTo(12, 9);
    expect(sharedAreaM2(corner, square(1, 1, 2).toReversed())).toBeCloseTo(3, 9);
    expect(sharedAreaM2(corner, square(2, 2, 2))).toBeCloseTo(0, 9);
    expect(sharedAreaM2(square(0, 0, 1), square(1, 0, 1))).toBe(0);
    fc.assert(
      fc.property(place, fc.double({ min: 0.1, max: 4, noNaN: true }), ([x, y], side) => {
        const overlap = (low: number, high: number, from: number): number =>
          Math.max(0, Math.min(high, from + side) - Math.max(low, from));
        const whole = overlap(0, 4, x) * overlap(0, 4, y) - overlap(2, 4, x) * overlap(2, 4, y);
        expect(sharedAreaM2(corner, square(x, y, side))).toBeCloseTo(whole, 8);
      }),
    );
  });
});

describe('lines on the floor', () => {
  const line: DirectedLine = { from: [1, 2], to: [5, 2], inside: 'left' };

  it('has the inside on the named hand of who walks along it', () => {
    expect(insideOfLineM(line, [3, 3])).toBe(1);
    expect(insideOfLineM({ ...line, inside: 'right' }, [3, 3])).toBe(-1);
    expect(insideOfLineM({ ...line, from: line.to, to: line.from }, [3, 3])).toBe(-1);
    expect(alongLine(line, [2, 9])).toBe(0.25);
  });

  it('tells where a step passes it, also beyond its ends', () => {
    expect(passesLineAt(line, [2, 1], [4, 3])).toBe(0.5);
    expect(passesLineAt(line, [6, 3], [6, 1])).toBe(1.25);
    expect(passesLineAt(line, [2, 1], [4, 1.5])).toBeUndefined();
  });
});
