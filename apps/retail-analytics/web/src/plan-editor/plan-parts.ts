import type { FloorPoint, FloorPolygon, StorePlan } from '@edge-blueprints/contracts';

/** What of a plan is edited on the page. Fixtures are drawn only and stay as the file has them. */
export const partKinds = ['zone', 'line', 'queue', 'staff', 'mask'] as const;
export type PartKind = (typeof partKinds)[number];

/** A part by its place in the list of its kind. */
export interface PartRef {
  readonly kind: PartKind;
  readonly index: number;
}

const lists = { zone: 'zones', line: 'lines', queue: 'queues', staff: 'staffAreas', mask: 'masks' } as const;
/** As the schema of plans has it. */
export const mostParts: Readonly<Record<PartKind, number>> = { zone: 32, line: 16, queue: 16, staff: 16, mask: 16 };
export const mostCorners = 64;
export const fewestCorners = 3;

export type HandleName = 'corner' | 'end' | 'service' | 'direction';

/** A point of a part that can be moved by itself. */
export interface Handle {
  readonly name: HandleName;
  readonly at: FloorPoint;
}

/** How far from the service point the handle of a queue's direction stands. */
export const directionReachM = 0.8;

export const samePart = (a: PartRef | null, b: PartRef | null): boolean =>
  a === b || (a !== null && b !== null && a.kind === b.kind && a.index === b.index);

export function partRefs(plan: StorePlan): readonly PartRef[] {
  return partKinds.flatMap((kind) => plan[lists[kind]].map((_, index) => ({ kind, index })));
}

/** What the plan holds at that place: the same object as long as nobody edits the part. */
export function partOf(plan: StorePlan, { kind, index }: PartRef): object | undefined {
  return plan[lists[kind]][index];
}

/** The part of a place in the plan such as `zones[2]`. */
export function partAt(list: string, index: number): PartRef | undefined {
  const kind = partKinds.find((each) => lists[each] === list);
  return kind === undefined ? undefined : { kind, index };
}

/** Null for staff areas and masks, which have none. */
export function nameOf(plan: StorePlan, { kind, index }: PartRef): string | null {
  return kind === 'staff' || kind === 'mask' ? null : (plan[lists[kind]][index]?.name ?? null);
}

/** The corners of an area; undefined for a line. */
export function areaOf(plan: StorePlan, { kind, index }: PartRef): FloorPolygon | undefined {
  switch (kind) {
    case 'zone':
      return plan.zones[index]?.polygon;
    case 'queue':
      return plan.queues[index]?.area;
    case 'staff':
      return plan.staffAreas[index];
    case 'mask':
      return plan.masks[index];
    case 'line':
      return undefined;
  }
}

/** In the order that they are numbered: corners or ends first, then what a queue has beside its area. */
export function handlesOf(plan: StorePlan, ref: PartRef): readonly Handle[] {
  if (ref.kind === 'line') {
    const line = plan.lines[ref.index];
    return line === undefined ? [] : [line.from, line.to].map((at) => ({ name: 'end', at }));
  }
  const corners: Handle[] = (areaOf(plan, ref) ?? []).map((at) => ({ name: 'corner', at }));
  const queue = ref.kind === 'queue' ? plan.queues[ref.index] : undefined;
  if (queue === undefined) return corners;
  const { servicePoint, directionDeg } = queue;
  return [
    ...corners,
    { name: 'service', at: servicePoint },
    { name: 'direction', at: ahead(servicePoint, directionDeg) },
  ];
}

/** Where the second person of a queue is looked for. */
export function ahead([x, y]: FloorPoint, directionDeg: number): FloorPoint {
  const angle = (directionDeg * Math.PI) / 180;
  return [x + directionReachM * Math.cos(angle), y + directionReachM * Math.sin(angle)];
}

export function withArea(plan: StorePlan, { kind, index }: PartRef, polygon: FloorPolygon): StorePlan {
  switch (kind) {
    case 'zone':
      return { ...plan, zones: replaced(plan.zones, index, (zone) => ({ ...zone, polygon })) };
    case 'queue':
      return { ...plan, queues: replaced(plan.queues, index, (queue) => ({ ...queue, area: polygon })) };
    case 'staff':
      return { ...plan, staffAreas: replaced(plan.staffAreas, index, () => polygon) };
    case 'mask':
      return { ...plan, masks: replaced(plan.masks, index, () => polygon) };
    case 'line':
      return plan;
  }
}

export function withName(plan: StorePlan, { kind, index }: PartRef, name: string): StorePlan {
  if (kind === 'staff' || kind === 'mask') return plan;
  const list = lists[kind];
  return { ...plan, [list]: replaced<{ readonly name: string }>(plan[list], index, (part) => ({ ...part, name })) };
}

export function withLine(plan: StorePlan, index: number, change: Partial<StorePlan['lines'][number]>): StorePlan {
  return { ...plan, lines: replaced(plan.lines, index, (line) => ({ ...line, ...change })) };
}

export function withQueue(plan: StorePlan, index: number, change: Partial<StorePlan['queues'][number]>): StorePlan {
  return { ...plan, queues: replaced(plan.queues, index, (queue) => ({ ...queue, ...change })) };
}

export function withoutPart(plan: StorePlan, { kind, index }: PartRef): StorePlan {
  const list = lists[kind];
  return { ...plan, [list]: plan[list].filter((_, i) => i !== index) };
}

function replaced<T>(list: readonly T[], index: number, change: (part: T) => T): readonly T[] {
  return list.map((part, i) => (i === index ? change(part) : part));
}
