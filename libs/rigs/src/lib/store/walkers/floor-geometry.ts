import type { FloorPoint } from '@edge-blueprints/contracts';

/** Even-odd rule: a point on the border may fall on either side. Corners in order, either way round. */
export function insidePolygon(point: FloorPoint, polygon: readonly FloorPoint[]): boolean {
  const x = point[0];
  const y = point[1];
  let inside = false;
  let before = polygon[polygon.length - 1];
  for (let at = 0; at < polygon.length; at += 1) {
    const corner = polygon[at];
    if (corner === undefined || before === undefined) continue;
    if (
      corner[1] > y !== before[1] > y &&
      x < ((before[0] - corner[0]) * (y - corner[1])) / (before[1] - corner[1]) + corner[0]
    )
      inside = !inside;
    before = corner;
  }
  return inside;
}

/** The point of the segment from `a` to `b` that is nearest to `point`. */
export function nearestOnSegment(point: FloorPoint, a: FloorPoint, b: FloorPoint): FloorPoint {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length2;
  const clamped = Math.max(0, Math.min(1, t));
  return [a[0] + clamped * dx, a[1] + clamped * dy];
}

/** Positive on the left hand of who walks from `from` to `to`, zero on the line. */
export function leftOf(point: FloorPoint, from: FloorPoint, to: FloorPoint): number {
  return (to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]);
}
