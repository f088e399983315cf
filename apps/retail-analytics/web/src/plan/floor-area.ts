import type { FloorPoint, FloorPolygon } from '@edge-blueprints/contracts';

/** Whether a click belongs to an area. Only drawings ask this; what counts is decided by the node. */
export function contains(polygon: FloorPolygon, [x, y]: FloorPoint): boolean {
  return polygon.reduce((inside, [ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length] ?? [ax, ay];
    const crosses = ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay);
    return crosses ? !inside : inside;
  }, false);
}

/** Square metres, whichever way the corners run. */
export function areaM2(polygon: FloorPolygon): number {
  const twice = polygon.reduce((sum, [ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length] ?? [ax, ay];
    return sum + ax * by - ay * bx;
  }, 0);
  return Math.abs(twice) / 2;
}

export function distanceM([ax, ay]: FloorPoint, [bx, by]: FloorPoint): number {
  return Math.hypot(bx - ax, by - ay);
}

/** Metres from a point to the nearest place between `from` and `to`. */
export function distanceToLineM(from: FloorPoint, to: FloorPoint, point: FloorPoint): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / squared;
  const t = Math.min(1, Math.max(0, along));
  return distanceM([from[0] + t * dx, from[1] + t * dy], point);
}
