import type { FloorPoint, FloorPolygon } from '@edge-blueprints/contracts';

/** Drawings count in centimetres, y downwards; the plan in metres, y into the store. The shop front is at the bottom. */
export const cmOf = (metres: number): number => Math.round(metres * 100);

export function drawn([x, y]: FloorPoint, depthM: number): readonly [number, number] {
  return [cmOf(x), cmOf(depthM - y)];
}

export function drawnPoints(polygon: FloorPolygon, depthM: number): string {
  return polygon.map((point) => drawn(point, depthM).join(',')).join(' ');
}

/** Where the name of an area stands: the centre of its box, which for the shapes of floors lies inside. */
export function labelPlace(polygon: FloorPolygon): FloorPoint {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** A third point beside the middle of a line, on its inside: where its arrow points. */
export function insideOf(from: FloorPoint, to: FloorPoint, inside: 'left' | 'right', reachM: number): FloorPoint {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const sign = inside === 'left' ? 1 : -1;
  const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
  if (length === 0) return middle;
  return [
    middle[0] - (sign * reachM * (to[1] - from[1])) / length,
    middle[1] + (sign * reachM * (to[0] - from[0])) / length,
  ];
}
