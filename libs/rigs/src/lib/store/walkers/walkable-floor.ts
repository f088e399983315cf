import type { FloorPoint, FloorPolygon, StorePlan } from '@edge-blueprints/contracts';
import { insidePolygon, nearestOnSegment } from './floor-geometry.js';

/** Who may walk where: customers keep out of till lanes and staff areas, who was served leaves through the lane. */
export type Access = 'customer' | 'served' | 'staff';

export interface WalkableFloor {
  readonly columns: number;
  readonly rows: number;
  /** Metres a cell. */
  readonly cellM: number;
  /** Metres to the nearest fixture or wall; negative inside of one. */
  clearance(xM: number, yM: number): number;
  /** Away from the nearest fixture, not normalised. */
  slope(xM: number, yM: number): FloorPoint;
  /** False where customers do not go although nothing stands there. */
  allowed(xM: number, yM: number, access: Access): boolean;
  centre(cell: number): FloorPoint;
  cellAt(xM: number, yM: number): number;
}

const cellM = 0.1;
const marginM = 3;
const farM = 2;

/**
 * Signed distance to the fixtures of a plan on a 0.1 m grid, read bilinearly, so that a step costs the same in every store.
 * Doors are open. Outside of the plan only `outside` can be walked on.
 */
export function createWalkableFloor(
  plan: StorePlan,
  outside: FloorPolygon,
  lanes: readonly FloorPolygon[],
): WalkableFloor {
  const columns = Math.ceil((plan.widthM + 2 * marginM) / cellM);
  const rows = Math.ceil((plan.depthM + 2 * marginM) / cellM);
  const solid = plan.fixtures.filter(({ kind }) => kind !== 'door').map(({ polygon }) => polygon);
  const doors = plan.fixtures.filter(({ kind }) => kind === 'door').map(({ polygon }) => polygon);
  const distances = new Float32Array(columns * rows);
  const closed = new Uint8Array(columns * rows);
  const centre = (cell: number): FloorPoint => [
    ((cell % columns) + 0.5) * cellM - marginM,
    (Math.floor(cell / columns) + 0.5) * cellM - marginM,
  ];
  const within = ([x, y]: FloorPoint): boolean => x >= 0 && x <= plan.widthM && y >= 0 && y <= plan.depthM;
  for (let cell = 0; cell < distances.length; cell += 1) {
    const point = centre(cell);
    let distance = farM;
    for (const polygon of solid) distance = Math.min(distance, signedDistance(point, polygon, distance));
    if (!within(point) && !doors.some((door) => insidePolygon(point, door)))
      distance = Math.min(distance, -signedDistance(point, outside, farM));
    distances[cell] = distance;
    closed[cell] =
      (lanes.some((lane) => insidePolygon(point, lane)) ? 1 : 0) +
      (plan.staffAreas.some((staff) => insidePolygon(point, staff)) ? 2 : 0);
  }
  const at = (column: number, row: number): number =>
    distances[Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column))] ?? -farM;
  const clearance = (xM: number, yM: number): number => {
    const u = (xM + marginM) / cellM - 0.5;
    const v = (yM + marginM) / cellM - 0.5;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const fu = u - column;
    const fv = v - row;
    const low = at(column, row) * (1 - fu) + at(column + 1, row) * fu;
    const high = at(column, row + 1) * (1 - fu) + at(column + 1, row + 1) * fu;
    return low * (1 - fv) + high * fv;
  };
  const cellAt = (xM: number, yM: number): number =>
    Math.max(0, Math.min(rows - 1, Math.floor((yM + marginM) / cellM))) * columns +
    Math.max(0, Math.min(columns - 1, Math.floor((xM + marginM) / cellM)));
  return {
    columns,
    rows,
    cellM,
    clearance,
    slope: (xM, yM) => [
      clearance(xM + cellM, yM) - clearance(xM - cellM, yM),
      clearance(xM, yM + cellM) - clearance(xM, yM - cellM),
    ],
    allowed: (xM, yM, access) => {
      const kept = closed[cellAt(xM, yM)] ?? 0;
      return kept === 0 || access === 'staff' || (access === 'served' && kept === 1);
    },
    centre,
    cellAt,
  };
}

/** Metres to the border, negative inside. Only right up to `atMost`. */
function signedDistance(point: FloorPoint, polygon: FloorPolygon, atMost: number): number {
  let nearest = atMost * atMost;
  let last = polygon[polygon.length - 1] ?? point;
  for (const corner of polygon) {
    const outX = Math.max(Math.min(last[0], corner[0]) - point[0], point[0] - Math.max(last[0], corner[0]), 0);
    const outY = Math.max(Math.min(last[1], corner[1]) - point[1], point[1] - Math.max(last[1], corner[1]), 0);
    // Its box is already farther than what was found.
    if (outX * outX + outY * outY < nearest) {
      const [x, y] = nearestOnSegment(point, last, corner);
      nearest = Math.min(nearest, (x - point[0]) ** 2 + (y - point[1]) ** 2);
    }
    last = corner;
  }
  return insidePolygon(point, polygon) ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}
