import type { StorePlan } from '@edge-blueprints/contracts';
import { areaM2, distanceM } from '../plan/floor-area.js';
import { strings } from '../strings.js';
import type { Authority } from './authority-notes.js';
import { watching } from './authority-notes.js';
import { areaOf, handlesOf, nameOf } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';

const text = strings.editor;

/** What a part is called, also where the plan gives it no name. */
export function partTitle(plan: StorePlan, part: PartRef): string {
  return nameOf(plan, part) ?? text.unnamed(text.kind[part.kind], part.index + 1);
}

export function partSize(plan: StorePlan, part: PartRef): string {
  const area = areaOf(plan, part);
  if (area !== undefined) return text.area(areaM2(area).toFixed(1));
  const [from, to] = handlesOf(plan, part);
  return from === undefined || to === undefined ? '' : text.length(distanceM(from.at, to.at).toFixed(2));
}

/** Corners and ends have numbers, what a queue has once has none. */
export function handleTitle(plan: StorePlan, part: PartRef, handle: number): string {
  const name = handlesOf(plan, part)[handle]?.name ?? 'corner';
  const isNumbered = name === 'corner' || name === 'end';
  return text.handle(text.handles[name], isNumbered ? handle + 1 : null, partTitle(plan, part));
}

/** Where a handle is, as it is told after a move. */
export function handlePlace(plan: StorePlan, part: PartRef, handle: number | null): string {
  if (handle === null) {
    const [first] = handlesOf(plan, part);
    const what = text.whole(partTitle(plan, part));
    return first === undefined ? what : text.placed(what, first.at[0].toFixed(2), first.at[1].toFixed(2));
  }
  const { name, at } = handlesOf(plan, part)[handle] ?? {};
  const what = handleTitle(plan, part, handle);
  if (name === 'direction') return text.turnedTo(what, String(plan.queues[part.index]?.directionDeg ?? ''));
  return at === undefined ? what : text.placed(what, at[0].toFixed(2), at[1].toFixed(2));
}

/** A line or queue that lies badly between cameras, in words; null where it lies well. */
export function watchNote(plan: StorePlan, part: PartRef, cameras: readonly Authority[]): string | null {
  const seen = watching(plan, part, cameras);
  const watchers = seen.filter((id) => id !== null);
  if (watchers.length > 1) return part.kind === 'zone' ? null : text.watchedByMore(watchers.join(', '));
  if (!seen.includes(null)) return null;
  return watchers.length === 0 ? text.watchedByNone : text.watchedPartly;
}
