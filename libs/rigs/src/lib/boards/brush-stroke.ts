import type { Random } from '@edge-blueprints/contracts';
import { canvasSide } from './board-geometry.js';
import type { Point } from './copper-canvas.js';

/** A local name: a loader that turns imports into property reads would slow the loops over pixels down tenfold. */
const side = canvasSide;

/** Pixels within `radius` of a polyline, with a rough outline. Pixels outside the canvas are left out. */
export function brushStroke(points: readonly Point[], radius: number, roughness: number, random: Random): number[] {
  const reach = radius + roughness + 1;
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const pixels: number[] = [];
  const xLow = Math.max(0, Math.floor(Math.min(...xs) - reach));
  const xHigh = Math.min(side - 1, Math.ceil(Math.max(...xs) + reach));
  const yLow = Math.max(0, Math.floor(Math.min(...ys) - reach));
  const yHigh = Math.min(side - 1, Math.ceil(Math.max(...ys) + reach));
  for (let y = yLow; y <= yHigh; y += 1) {
    for (let x = xLow; x <= xHigh; x += 1) {
      if (distanceTo(points, x, y) <= radius + (random.next() - 0.5) * 2 * roughness) pixels.push(y * side + x);
    }
  }
  return pixels;
}

/** A hand's short mark: two or three legs whose heading wanders. */
export function wanderingLine(start: Point, heading: number, length: number, bend: number, random: Random): Point[] {
  const legs = random.integer(1, 3);
  const points = [start];
  let at = start;
  let angle = heading;
  for (let leg = 0; leg < legs; leg += 1) {
    at = { x: at.x + (Math.cos(angle) * length) / legs, y: at.y + (Math.sin(angle) * length) / legs };
    points.push(at);
    angle += (random.next() - 0.5) * 2 * bend;
  }
  return points;
}

function distanceTo(points: readonly Point[], x: number, y: number): number {
  let best = Infinity;
  points.forEach((a, index) => {
    const b = points[index + 1] ?? a;
    if (points.length > 1 && b === a) return;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const square = dx * dx + dy * dy;
    const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / square));
    best = Math.min(best, Math.hypot(x - a.x - along * dx, y - a.y - along * dy));
  });
  return best;
}
