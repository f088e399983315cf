import type { FloorPoint } from '@edge-blueprints/contracts';
import type { Access, WalkableFloor } from './walkable-floor.js';

export interface RouteFinder {
  /** Where to go straight now on the way to `goal`: the goal itself once nothing is between. */
  waypoint(from: FloorPoint, goal: FloorPoint, access: Access): FloorPoint;
  /** Metres to walk; Infinity where there is no way. */
  length(from: FloorPoint, goal: FloorPoint, access: Access): number;
  /** Nothing stands between the two points for somebody of a body's width. */
  free(from: FloorPoint, to: FloorPoint, access: Access): boolean;
}

/** Routes are searched on every second cell, and keep this far from fixtures. */
const stride = 2;
const bodyM = 0.24;
const sightM = 0.2;
/** Distance fields that are kept: all shelf spots, queue places and doors of a store fit. */
const maxFields = 160;

/** Way finding by distance fields: one Dijkstra search from each goal that is ever asked for, then everybody walks downhill. */
export function createRouteFinder(floor: WalkableFloor): RouteFinder {
  const columns = Math.ceil(floor.columns / stride);
  const rows = Math.ceil(floor.rows / stride);
  const nodeM = floor.cellM * stride;
  const [originX, originY] = floor.centre(0);
  const nodeAt = ([x, y]: FloorPoint): number =>
    Math.max(0, Math.min(rows - 1, Math.round((y - originY) / nodeM))) * columns +
    Math.max(0, Math.min(columns - 1, Math.round((x - originX) / nodeM)));
  const pointOf = (node: number): FloorPoint => [
    originX + (node % columns) * nodeM,
    originY + Math.floor(node / columns) * nodeM,
  ];
  const costs = { customer: costsFor('customer'), served: costsFor('served'), staff: costsFor('staff') };
  const fields = new Map<string, Float32Array>();

  /** What a metre costs there: more close to fixtures, Infinity where nobody fits or may go. */
  function costsFor(access: Access): Float32Array {
    return Float32Array.from({ length: columns * rows }, (_, node) => {
      const [x, y] = pointOf(node);
      const clearance = floor.clearance(x, y);
      if (clearance < bodyM || !floor.allowed(x, y, access)) return Infinity;
      return 1 + 2 * Math.max(0, 0.5 - clearance);
    });
  }

  function fieldTo(goal: FloorPoint, access: Access): Float32Array {
    const start = nodeAt(goal);
    const key = `${access} ${start}`;
    const known = fields.get(key);
    if (known) {
      fields.delete(key);
      fields.set(key, known);
      return known;
    }
    const field = distancesFrom(start, columns, rows, nodeM, costs[access]);
    fields.set(key, field);
    const [oldest] = fields.keys();
    if (fields.size > maxFields && oldest !== undefined) fields.delete(oldest);
    return field;
  }

  function free(from: FloorPoint, to: FloorPoint, access: Access): boolean {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const steps = Math.ceil(length / 0.12);
    // Who was pushed against a shelf still finds a way out of it.
    const needM = Math.min(sightM, floor.clearance(from[0], from[1]) - 0.01);
    for (let step = 1; step <= steps; step += 1) {
      const x = from[0] + ((to[0] - from[0]) * step) / steps;
      const y = from[1] + ((to[1] - from[1]) * step) / steps;
      if (floor.clearance(x, y) < needM || !floor.allowed(x, y, access)) return false;
    }
    return true;
  }

  /** The best node around a point: its own may be too close to a shelf. */
  function entry(from: FloorPoint, field: Float32Array): number {
    const here = nodeAt(from);
    let best = here;
    for (let dy = -2; dy <= 2; dy += 1)
      for (let dx = -2; dx <= 2; dx += 1) {
        const node = here + dy * columns + dx;
        const reach = (field[node] ?? Infinity) + Math.hypot(dx, dy) * nodeM;
        if (reach < (field[best] ?? Infinity) + (best === here ? 0 : 1e-6)) best = node;
      }
    return best;
  }

  return {
    free,
    length: (from, goal, access) => {
      const field = fieldTo(goal, access);
      return field[entry(from, field)] ?? Infinity;
    },
    waypoint: (from, goal, access) => {
      if (free(from, goal, access)) return goal;
      const field = fieldTo(goal, access);
      let node = entry(from, field);
      let target = pointOf(node);
      for (let step = 0; step < 60; step += 1) {
        const next = downhill(node, field, columns);
        if (next === node) break;
        node = next;
        const point = pointOf(node);
        if (!free(from, point, access)) break;
        target = point;
      }
      return target;
    },
  };
}

const neighbours = [
  [1, 0, 1],
  [-1, 0, 1],
  [0, 1, 1],
  [0, -1, 1],
  [1, 1, Math.SQRT2],
  [1, -1, Math.SQRT2],
  [-1, 1, Math.SQRT2],
  [-1, -1, Math.SQRT2],
] as const;

function downhill(node: number, field: Float32Array, columns: number): number {
  let best = node;
  for (const [dx, dy] of neighbours) {
    const next = node + dy * columns + dx;
    if ((field[next] ?? Infinity) < (field[best] ?? Infinity)) best = next;
  }
  return best;
}

/** Dijkstra with buckets of a centimetre: the fields are small and the costs bounded. */
function distancesFrom(start: number, columns: number, rows: number, nodeM: number, costs: Float32Array): Float32Array {
  const field = new Float32Array(columns * rows).fill(Infinity);
  const buckets: number[][] = [[start]];
  field[start] = 0;
  for (let at = 0; at < buckets.length; at += 1) {
    for (const node of buckets[at] ?? []) {
      const here = field[node] ?? Infinity;
      if (Math.floor(here * 100) !== at) continue;
      const x = node % columns;
      const y = Math.floor(node / columns);
      for (const [dx, dy, steps] of neighbours) {
        const nx = x + dx;
        const ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue;
        const next = ny * columns + nx;
        const reach = here + steps * nodeM * (costs[next] ?? Infinity);
        if (reach >= (field[next] ?? 0)) continue;
        field[next] = reach;
        const bucket = Math.floor((field[next] ?? 0) * 100);
        (buckets[bucket] ??= []).push(next);
      }
    }
    buckets[at] = [];
  }
  return field;
}
