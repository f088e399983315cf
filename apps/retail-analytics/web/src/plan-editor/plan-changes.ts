import type { FloorPolygon, StorePlan } from '@edge-blueprints/contracts';
import type { PartKind } from './plan-parts.js';

export interface PlanChange {
  readonly part: PartKind;
  /** Null for staff areas and masks, which have no name. */
  readonly name: string | null;
  /** `turned`: only the inside of a line changed hands. */
  readonly what: 'added' | 'removed' | 'reshaped' | 'turned' | 'renamed';
}

/** What an edit changes, part by part. The number behind a part keeps its meaning only where nothing but its name changed. */
export function planChanges(before: StorePlan, after: StorePlan): readonly PlanChange[] {
  return [
    ...named('zone', before.zones, after.zones, (a, b) => (same(a.polygon, b.polygon) ? null : 'reshaped')),
    ...named('line', before.lines, after.lines, (a, b) => {
      if (!same([a.from, a.to], [b.from, b.to])) return 'reshaped';
      return a.inside === b.inside ? null : 'turned';
    }),
    ...named('queue', before.queues, after.queues, (a, b) =>
      same([a.servicePoint, a.directionDeg, a.area], [b.servicePoint, b.directionDeg, b.area]) ? null : 'reshaped',
    ),
    ...unnamed('staff', before.staffAreas, after.staffAreas),
    ...unnamed('mask', before.masks, after.masks),
  ];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function named<T extends Named>(
  part: PartKind,
  before: readonly T[],
  after: readonly T[],
  difference: (a: T, b: T) => 'reshaped' | 'turned' | null,
): PlanChange[] {
  const kept = after.flatMap((now): PlanChange[] => {
    const then = before.find(({ id }) => id === now.id);
    if (then === undefined) return [{ part, name: now.name, what: 'added' }];
    const what = difference(then, now) ?? (then.name === now.name ? null : 'renamed');
    return what === null ? [] : [{ part, name: now.name, what }];
  });
  const gone = before.filter(({ id }) => !after.some((now) => now.id === id));
  return [...kept, ...gone.map(({ name }): PlanChange => ({ part, name, what: 'removed' }))];
}

/** Areas without a name are told apart by their corners only: what is left over on both sides was reshaped. */
function unnamed(part: PartKind, before: readonly FloorPolygon[], after: readonly FloorPolygon[]): PlanChange[] {
  const gone = before.filter((area) => !after.some((other) => same(area, other))).length;
  const come = after.filter((area) => !before.some((other) => same(area, other))).length;
  const reshaped = Math.min(gone, come);
  const change = (what: PlanChange['what'], count: number): PlanChange[] =>
    Array.from({ length: count }, () => ({ part, name: null, what }));
  return [...change('reshaped', reshaped), ...change('added', come - reshaped), ...change('removed', gone - reshaped)];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
