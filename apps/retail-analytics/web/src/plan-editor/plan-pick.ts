import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { areaM2, contains, distanceM, distanceToLineM } from '../plan/floor-area.js';
import { areaOf, handlesOf, partRefs, samePart } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';

export interface Pick {
  readonly part: PartRef;
  /** The handle that was met; undefined for the part as a whole. */
  readonly handle?: number;
}

/**
 * What a pointer means: the nearest handle of the chosen part within reach, then a line within reach, then the smallest
 * area around it, so that a zone inside of another can be had.
 */
export function pick(plan: StorePlan, chosen: PartRef | null, at: FloorPoint, reachM: number): Pick | null {
  if (chosen !== null) {
    const near = nearest(
      handlesOf(plan, chosen).map((handle, i) => ({ value: i, distance: distanceM(handle.at, at) })),
      reachM,
    );
    if (near !== undefined) return { part: chosen, handle: near };
  }
  const parts = partRefs(plan);
  const lines = parts.flatMap((part) => {
    const line = part.kind === 'line' ? plan.lines[part.index] : undefined;
    return line === undefined ? [] : [{ value: part, distance: distanceToLineM(line.from, line.to, at) }];
  });
  const line = nearest(lines, reachM / 2);
  if (line !== undefined) return { part: line };
  const around = parts.flatMap((part) => {
    const area = areaOf(plan, part);
    if (area === undefined || !contains(area, at)) return [];
    // Between equals the chosen one stays chosen.
    return [{ value: part, distance: areaM2(area) - (samePart(part, chosen) ? 1e-6 : 0) }];
  });
  const part = nearest(around, Number.POSITIVE_INFINITY);
  return part === undefined ? null : { part };
}

function nearest<T>(found: readonly { readonly value: T; readonly distance: number }[], within: number): T | undefined {
  const least = Math.min(within, ...found.map(({ distance }) => distance));
  return found.find(({ distance }) => distance === least)?.value;
}
