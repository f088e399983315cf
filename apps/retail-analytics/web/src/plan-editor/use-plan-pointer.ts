import { useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { distanceM } from '../plan/floor-area.js';
import { pointerPlace } from '../plan/pointer-place.js';
import { movedHandle, movedPart, onGrid } from './plan-moves.js';
import { fewestCorners, handlesOf, samePart } from './plan-parts.js';
import type { PartKind, PartRef } from './plan-parts.js';
import { pick } from './plan-pick.js';
import type { Pick } from './plan-pick.js';

/** A part of this kind whose points are being set. */
export interface Drawing {
  readonly kind: PartKind;
  readonly points: readonly FloorPoint[];
}

/** Half of what a finger needs. */
const reachPx = 22;
/** A tap that trembles is no drag. */
const dragPx = 5;

interface Drag {
  readonly met: Pick;
  readonly from: FloorPoint;
  readonly tag: string;
  /** The plan as it was when the pointer began to move. */
  plan: StorePlan | null;
}

interface Options {
  readonly plan: StorePlan;
  readonly chosen: PartRef | null;
  readonly drawing: Drawing | null;
  edit(plan: StorePlan, tag: string): void;
  onChoose(met: Pick | null): void;
  onDraw(drawing: Drawing, isDone: boolean): void;
}

export interface PlanPointer {
  /** Where the pointer is while a part is drawn. */
  readonly hover: FloorPoint | null;
  readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerUp: () => void;
}

/** A first tap chooses a part, so that nothing moves by accident; what is chosen is dragged, as a whole or by a handle. */
export function usePlanPointer({ plan, chosen, drawing, edit, onChoose, onDraw }: Options): PlanPointer {
  const drag = useRef<Drag | null>(null);
  const count = useRef(0);
  const [hover, setHover] = useState<FloorPoint | null>(null);
  return {
    hover: drawing === null ? null : hover,
    onPointerDown: (event) => {
      const place = pointerPlace(event, plan.depthM);
      if (place === null || event.button !== 0) return;
      const reachM = reachPx * place.metresPerPixel;
      if (drawing !== null) {
        onDraw(...drawnOn(drawing, onGrid(place.at), reachM));
        return;
      }
      const met = pick(plan, chosen, place.at, reachM);
      onChoose(met);
      if (met === null || !samePart(met.part, chosen)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      count.current += 1;
      drag.current = { met, from: place.at, tag: `drag ${count.current}`, plan: null };
    },
    onPointerMove: (event) => {
      const place = pointerPlace(event, plan.depthM);
      if (place === null) return;
      if (drawing !== null) setHover(onGrid(place.at));
      const held = drag.current;
      if (held === null) return;
      if (held.plan === null && distanceM(held.from, place.at) > dragPx * place.metresPerPixel) held.plan = plan;
      if (held.plan !== null) edit(draggedTo(held.plan, held, place.at), held.tag);
    },
    onPointerUp: () => {
      drag.current = null;
    },
  };
}

function draggedTo(plan: StorePlan, { met, from }: Drag, at: FloorPoint): StorePlan {
  const by: FloorPoint = [at[0] - from[0], at[1] - from[1]];
  if (met.handle === undefined) return movedPart(plan, met.part, onGrid(by));
  const handle = handlesOf(plan, met.part)[met.handle];
  if (handle === undefined) return plan;
  // The handle keeps its distance to the finger that hides it.
  const to: FloorPoint = [handle.at[0] + by[0], handle.at[1] + by[1]];
  return movedHandle(plan, met.part, met.handle, handle.name === 'direction' ? to : onGrid(to));
}

function drawnOn(drawing: Drawing, at: FloorPoint, reachM: number): [Drawing, boolean] {
  const { kind, points } = drawing;
  const first = points[0];
  const isClosed =
    kind !== 'line' && first !== undefined && points.length >= fewestCorners && distanceM(first, at) <= reachM;
  if (isClosed) return [drawing, true];
  const next = { kind, points: [...points, at] };
  return [next, kind === 'line' && next.points.length === 2];
}
