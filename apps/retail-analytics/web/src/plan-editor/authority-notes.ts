import type { FloorPoint, FloorPolygon, StorePlan } from '@edge-blueprints/contracts';
import { contains } from '../plan/floor-area.js';
import { handlesOf } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';

export interface Authority {
  readonly id: string;
  readonly authority: FloorPolygon;
}

/**
 * Which cameras answer for a line or a queue. One is as it should be; who walks over the border between two may be counted
 * late or not at all, and nobody counts where there is none.
 */
export function watching(plan: StorePlan, ref: PartRef, cameras: readonly Authority[]): readonly (string | null)[] {
  if (ref.kind === 'staff' || ref.kind === 'mask') return [];
  const points = handlesOf(plan, ref).flatMap(({ name, at }) => (name === 'direction' ? [] : [at]));
  const middle = centre(points);
  // A shape that ends on the border of a camera's floor belongs to the side that most of it lies on.
  const seen = points.map((at) => {
    const inner: FloorPoint = [at[0] + (middle[0] - at[0]) * 0.02, at[1] + (middle[1] - at[1]) * 0.02];
    return cameras.find(({ authority }) => contains(authority, inner))?.id ?? null;
  });
  return [...new Set(seen)];
}

function centre(points: readonly FloorPoint[]): FloorPoint {
  const count = Math.max(1, points.length);
  return [points.reduce((sum, [x]) => sum + x, 0) / count, points.reduce((sum, [, y]) => sum + y, 0) / count];
}
