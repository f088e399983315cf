import type { FloorPoint, FloorPolygon, StorePlan } from '@edge-blueprints/contracts';
import { labelPlace } from '../plan/plan-scale.js';
import {
  areaOf,
  fewestCorners,
  handlesOf,
  mostCorners,
  mostParts,
  partRefs,
  withArea,
  withLine,
  withQueue,
} from './plan-parts.js';
import type { PartKind, PartRef } from './plan-parts.js';

/** Pointers set points on a grid of 5 cm; typed coordinates are taken to the centimetre. */
export const gridM = 0.05;
const cm = (metres: number): number => Math.round(metres * 100) / 100;
const beyondFloorM = 50;

export interface Bounds {
  readonly low: FloorPoint;
  readonly high: FloorPoint;
}

/** Everything lies on the floor, but for masks: what a mirror shows seems to stand behind the wall. */
export function boundsOf({ widthM, depthM }: StorePlan, kind: PartKind): Bounds {
  const beyond = kind === 'mask' ? beyondFloorM : 0;
  return { low: [-beyond, -beyond], high: [widthM + beyond, depthM + beyond] };
}

export function isWithin({ low, high }: Bounds, [x, y]: FloorPoint): boolean {
  return x >= low[0] && y >= low[1] && x <= high[0] && y <= high[1];
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function kept({ low, high }: Bounds, [x, y]: FloorPoint): FloorPoint {
  return [cm(clamp(x, low[0], high[0])), cm(clamp(y, low[1], high[1]))];
}

export function onGrid([x, y]: FloorPoint): FloorPoint {
  return [cm(Math.round(x / gridM) * gridM), cm(Math.round(y / gridM) * gridM)];
}

/** Moves one handle; it stops at the edge of where the part may lie. */
export function movedHandle(plan: StorePlan, ref: PartRef, handle: number, to: FloorPoint): StorePlan {
  const name = handlesOf(plan, ref)[handle]?.name;
  const at = kept(boundsOf(plan, ref.kind), to);
  const area = areaOf(plan, ref);
  if (name === 'corner' && area !== undefined)
    return withArea(
      plan,
      ref,
      area.map((corner, i) => (i === handle ? at : corner)),
    );
  if (name === 'end') return withLine(plan, ref.index, handle === 0 ? { from: at } : { to: at });
  if (name === 'service') return withQueue(plan, ref.index, { servicePoint: at });
  const service = name === 'direction' ? plan.queues[ref.index]?.servicePoint : undefined;
  if (service === undefined || (to[0] === service[0] && to[1] === service[1])) return plan;
  const deg = (Math.atan2(to[1] - service[1], to[0] - service[0]) * 180) / Math.PI;
  return withQueue(plan, ref.index, { directionDeg: Math.round(deg) });
}

/** Moves a whole part without changing its shape; it stops as a whole. */
export function movedPart(plan: StorePlan, ref: PartRef, by: FloorPoint): StorePlan {
  const points = handlesOf(plan, ref).flatMap(({ name, at }) => (name === 'direction' ? [] : [at]));
  if (points.length === 0) return plan;
  const { low, high } = boundsOf(plan, ref.kind);
  const step = ([0, 1] as const).map((axis) => {
    const along = points.map((point) => point[axis]);
    // A part that lies outside already may come in, and must not jump.
    const least = Math.min(0, low[axis] - Math.min(...along));
    const most = Math.max(0, high[axis] - Math.max(...along));
    return clamp(by[axis], least, most);
  });
  const moved = ([x, y]: FloorPoint): FloorPoint => [cm(x + (step[0] ?? 0)), cm(y + (step[1] ?? 0))];
  if (ref.kind === 'line') {
    const line = plan.lines[ref.index];
    return line === undefined ? plan : withLine(plan, ref.index, { from: moved(line.from), to: moved(line.to) });
  }
  const shifted = withArea(plan, ref, (areaOf(plan, ref) ?? []).map(moved));
  const queue = ref.kind === 'queue' ? plan.queues[ref.index] : undefined;
  return queue === undefined ? shifted : withQueue(shifted, ref.index, { servicePoint: moved(queue.servicePoint) });
}

/** Halves the side that follows a corner. */
export function addedCorner(plan: StorePlan, ref: PartRef, after: number): StorePlan {
  const area = areaOf(plan, ref);
  const [a, b] = [area?.[after], area?.[(after + 1) % (area.length || 1)]];
  if (area === undefined || a === undefined || b === undefined || area.length >= mostCorners) return plan;
  const middle: FloorPoint = [cm((a[0] + b[0]) / 2), cm((a[1] + b[1]) / 2)];
  return withArea(plan, ref, [...area.slice(0, after + 1), middle, ...area.slice(after + 1)]);
}

export function removedCorner(plan: StorePlan, ref: PartRef, corner: number): StorePlan {
  const area = areaOf(plan, ref);
  if (area === undefined || area.length <= fewestCorners) return plan;
  return withArea(
    plan,
    ref,
    area.filter((_, i) => i !== corner),
  );
}

/**
 * A new part over drawn points: the two ends of a line, the corners of anything else. Its id holds the revision that it
 * begins with, so that no number of a deleted part is ever continued under the same id.
 */
export function addedPart(plan: StorePlan, kind: PartKind, points: readonly FloorPoint[], name: string): StorePlan {
  if (!canAdd(plan, kind)) return plan;
  const polygon: FloorPolygon = points.map((point) => kept(boundsOf(plan, kind), point));
  const [from = [0, 0], to = [1, 0]] = polygon;
  const id = freeId(plan, kind);
  switch (kind) {
    case 'zone':
      return { ...plan, zones: [...plan.zones, { id, name, polygon }] };
    case 'line':
      return { ...plan, lines: [...plan.lines, { id, name, from, to, inside: 'left' }] };
    case 'queue': {
      const [x, y] = labelPlace(polygon);
      const queue = { id, name, servicePoint: [cm(x), cm(y)] as const, directionDeg: 90, area: polygon };
      return { ...plan, queues: [...plan.queues, queue] };
    }
    case 'staff':
      return { ...plan, staffAreas: [...plan.staffAreas, polygon] };
    case 'mask':
      return { ...plan, masks: [...plan.masks, polygon] };
  }
}

export function canAdd(plan: StorePlan, kind: PartKind): boolean {
  return partRefs(plan).filter((ref) => ref.kind === kind).length < mostParts[kind];
}

/** A part of handy size in the middle of the floor: how one is begun without a pointer. */
export function middlePoints({ widthM, depthM }: StorePlan, kind: PartKind): readonly FloorPoint[] {
  const half = Math.min(1, widthM / 4, depthM / 4);
  const [x, y] = [widthM / 2, depthM / 2];
  if (kind === 'line')
    return [
      [x - half, y],
      [x + half, y],
    ];
  return [
    [x - half, y - half],
    [x + half, y - half],
    [x + half, y + half],
    [x - half, y + half],
  ];
}

function freeId(plan: StorePlan, kind: PartKind): string {
  const taken = new Set([...plan.zones, ...plan.lines, ...plan.queues].map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = `${kind}-r${plan.revision + 1}-${n}`;
    if (!taken.has(id)) return id;
  }
}
