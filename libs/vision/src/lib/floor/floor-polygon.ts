import type { FloorPoint } from '@edge-blueprints/contracts';

/** Corners in order, either way round; the last joins the first. Metres. */
export type Corners = readonly FloorPoint[];

/** Even-odd rule. A point on the border may fall on either side: rules that matter use the distance. */
export function isInPolygon(polygon: Corners, [x, y]: FloorPoint): boolean {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of edges(polygon)) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Metres to the border: positive inside, negative outside. `>= 0.15` is inside the polygon inset by 15 cm. */
export function depthInPolygonM(polygon: Corners, point: FloorPoint): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const [a, b] of edges(polygon)) nearest = Math.min(nearest, distanceToSegmentM(a, b, point));
  return isInPolygon(polygon, point) ? nearest : -nearest;
}

/** Area of a simple polygon, square metres, whichever way its corners run. */
export function polygonAreaM2(polygon: Corners): number {
  let twice = 0;
  for (const [a, b] of edges(polygon)) twice += cross(a, b);
  return Math.abs(twice) / 2;
}

/** True where two borders that are no neighbours meet, or a border has no length. Such a polygon has no clear inside. */
export function isSelfIntersecting(polygon: Corners): boolean {
  const sides = edges(polygon);
  return sides.some(([a, b], i) => {
    if (a[0] === b[0] && a[1] === b[1]) return true;
    return sides.some(([c, d], j) => {
      if (j <= i) return false;
      if (j === i + 1) return foldsBack(a, b, d);
      if (i === 0 && j === sides.length - 1) return foldsBack(c, d, b);
      return segmentsMeet(a, b, c, d);
    });
  });
}

/**
 * Area that two simple polygons share, square metres. Each polygon is the signed sum of the triangles from one corner to
 * its sides, so the shared area is the signed sum over pairs of triangles, which are convex and clip exactly.
 */
export function sharedAreaM2(first: Corners, second: Corners): number {
  const a = signedTriangles(first);
  const b = signedTriangles(second);
  let sum = 0;
  for (const one of a) {
    for (const other of b) sum += one.sign * other.sign * polygonAreaM2(clipConvex(one.corners, other.corners));
  }
  return Math.abs(sum);
}

/** Metres from a point to the nearest place of the segment. */
export function distanceToSegmentM(a: FloorPoint, b: FloorPoint, [x, y]: FloorPoint): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const squared = dx * dx + dy * dy;
  const t = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / squared));
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}

/** Mean of the corners; labels are put there, and it is inside of every convex polygon. */
export function polygonMiddle(polygon: Corners): FloorPoint {
  const count = Math.max(1, polygon.length);
  return [polygon.reduce((s, p) => s + p[0], 0) / count, polygon.reduce((s, p) => s + p[1], 0) / count];
}

function edges(polygon: Corners): [FloorPoint, FloorPoint][] {
  return polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length] ?? corner]);
}

function cross(a: FloorPoint, b: FloorPoint): number {
  return a[0] * b[1] - a[1] * b[0];
}

/** Twice the signed area of a, b, c: positive where c is left of a to b. */
function turn(a: FloorPoint, b: FloorPoint, c: FloorPoint): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The side b to c runs back over the side a to b. */
function foldsBack(a: FloorPoint, b: FloorPoint, c: FloorPoint): boolean {
  return turn(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

/** Touching counts. */
function segmentsMeet(a: FloorPoint, b: FloorPoint, c: FloorPoint, d: FloorPoint): boolean {
  const abc = Math.sign(turn(a, b, c));
  const abd = Math.sign(turn(a, b, d));
  const cda = Math.sign(turn(c, d, a));
  const cdb = Math.sign(turn(c, d, b));
  if (abc !== abd && cda !== cdb) return true;
  return [c, d].some((p) => distanceToSegmentM(a, b, p) === 0) || [a, b].some((p) => distanceToSegmentM(c, d, p) === 0);
}

function signedTriangles(polygon: Corners): { readonly corners: Corners; readonly sign: number }[] {
  const origin = polygon[0];
  if (!origin) return [];
  return edges(polygon).flatMap(([a, b]) => {
    const sign = Math.sign(turn(origin, a, b));
    return sign === 0 ? [] : [{ corners: sign > 0 ? [origin, a, b] : [origin, b, a], sign }];
  });
}

/** Sutherland and Hodgman: what of `subject` lies in the convex, counter-clockwise `window`. */
function clipConvex(subject: Corners, window: Corners): Corners {
  let rest: Corners = subject;
  for (const [a, b] of edges(window)) {
    rest = edges(rest).flatMap(([p, q]) => {
      const here = turn(a, b, p);
      const there = turn(a, b, q);
      const kept: FloorPoint[] = here >= 0 ? [p] : [];
      if (here > 0 !== there > 0 && here !== 0 && there !== 0) {
        const t = here / (here - there);
        kept.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      }
      return kept;
    });
  }
  return rest;
}
