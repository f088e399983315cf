import { canvasSide } from './board-geometry.js';

/** A local name: a loader that turns imports into property reads would slow the loops over pixels down tenfold. */
const side = canvasSide;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws copper (1) and bare board (0) into a square mask. Coordinates are pixels of the canvas before the tilt. */
export interface CopperCanvas {
  readonly mask: Uint8Array;
  /** Where a point lands on the mask. */
  tilted(point: Point): Point;
  segment(from: Point, to: Point, width: number, value: 0 | 1): void;
  polyline(points: readonly Point[], width: number, value: 0 | 1): void;
  disc(centre: Point, radius: number, value: 0 | 1): void;
  polygon(points: readonly Point[], value: 0 | 1): void;
  rect(centre: Point, width: number, height: number, value: 0 | 1): void;
}

/**
 * @param tilt radians; panels never lie exactly straight under a line scanner, which is why long edges of real scans
 * step by one pixel now and then
 */
export function createCopperCanvas(tilt: number): CopperCanvas {
  const mask = new Uint8Array(side * side);
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  const centre = side / 2;
  const turned = (p: Point): Point => ({
    x: centre + (p.x - centre) * cos - (p.y - centre) * sin,
    y: centre + (p.x - centre) * sin + (p.y - centre) * cos,
  });

  const capsule = (from: Point, to: Point, width: number, value: 0 | 1): void => {
    const a = turned(from);
    const b = turned(to);
    const half = width / 2;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const square = dx * dx + dy * dy;
    const yLow = Math.max(0, Math.floor(Math.min(a.y, b.y) - half));
    const yHigh = Math.min(side - 1, Math.ceil(Math.max(a.y, b.y) + half));
    const xLow = Math.max(0, Math.floor(Math.min(a.x, b.x) - half));
    const xHigh = Math.min(side - 1, Math.ceil(Math.max(a.x, b.x) + half));
    for (let y = yLow; y <= yHigh; y += 1) {
      for (let x = xLow; x <= xHigh; x += 1) {
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / square));
        const ex = x - a.x - along * dx;
        const ey = y - a.y - along * dy;
        if (ex * ex + ey * ey <= half * half) mask[y * side + x] = value;
      }
    }
  };

  const polygon = (points: readonly Point[], value: 0 | 1): void => {
    const corners = points.map(turned);
    const yLow = Math.max(0, Math.ceil(Math.min(...corners.map((p) => p.y))));
    const yHigh = Math.min(side - 1, Math.floor(Math.max(...corners.map((p) => p.y))));
    for (let y = yLow; y <= yHigh; y += 1) {
      const crossings: number[] = [];
      corners.forEach((a, index) => {
        const b = corners[(index + 1) % corners.length] ?? a;
        if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
      });
      crossings.sort((left, right) => left - right);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const start = Math.max(0, Math.ceil(crossings[pair] ?? 0));
        const end = Math.min(side - 1, Math.floor(crossings[pair + 1] ?? 0));
        if (end >= start) mask.fill(value, y * side + start, y * side + end + 1);
      }
    }
  };

  return {
    mask,
    tilted: turned,
    segment: capsule,
    polyline: (points, width, value) => {
      points.forEach((point, index) => {
        const next = points[index + 1];
        if (next) capsule(point, next, width, value);
      });
    },
    disc: (at, radius, value) => capsule(at, at, radius * 2, value),
    polygon,
    rect: (at, width, height, value) => {
      const w = width / 2;
      const h = height / 2;
      polygon(
        [
          { x: at.x - w, y: at.y - h },
          { x: at.x + w, y: at.y - h },
          { x: at.x + w, y: at.y + h },
          { x: at.x - w, y: at.y + h },
        ],
        value,
      );
    },
  };
}
