import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { insidePolygon } from './floor-geometry.js';
import type { WalkableFloor } from './walkable-floor.js';

/** A place to stand before goods. */
export interface ShelfSpot {
  readonly at: FloorPoint;
  /** Towards the goods. */
  readonly faceRad: number;
  /** Of the plan; undefined where the goods belong to none. */
  readonly zone: string | undefined;
}

const apartM = 0.7;
const standM = 0.38;

/** Places along all sides of shelves and displays that a customer can get to. */
export function shelfSpots(plan: StorePlan, floor: WalkableFloor): readonly ShelfSpot[] {
  const spots: ShelfSpot[] = [];
  for (const { kind, polygon } of plan.fixtures) {
    if (kind !== 'shelf' && kind !== 'display') continue;
    let last = polygon[polygon.length - 1];
    for (const corner of polygon) {
      if (last !== undefined) spots.push(...alongSide(last, corner, polygon, plan, floor));
      last = corner;
    }
  }
  return spots;
}

function alongSide(
  from: FloorPoint,
  to: FloorPoint,
  polygon: readonly FloorPoint[],
  plan: StorePlan,
  floor: WalkableFloor,
): ShelfSpot[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const count = Math.max(1, Math.floor((length - 0.3) / apartM));
  if (length < 0.5) return [];
  const along: FloorPoint = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const middle: FloorPoint = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const left: FloorPoint = [-along[1], along[0]];
  const out: FloorPoint = insidePolygon([middle[0] + left[0] * 0.02, middle[1] + left[1] * 0.02], polygon)
    ? [-left[0], -left[1]]
    : left;
  const spots: ShelfSpot[] = [];
  for (let spot = 0; spot < count; spot += 1) {
    const s = ((spot + 0.5) / count) * length;
    const at: FloorPoint = [from[0] + along[0] * s + out[0] * standM, from[1] + along[1] * s + out[1] * standM];
    if (floor.clearance(at[0], at[1]) < 0.3 || !floor.allowed(at[0], at[1], 'customer')) continue;
    const zone = plan.zones.find(({ polygon: border }) => insidePolygon(at, border))?.id;
    spots.push({ at, faceRad: Math.atan2(-out[1], -out[0]), zone });
  }
  return spots;
}
