import type { PartSummary } from '@edge-blueprints/contracts';

export const stripLength = 200;

/**
 * The verdict strip as a sweep: a part keeps its place until the sweep comes round again, so nothing on the strip moves
 * while somebody looks at it. `head` is the slot of the newest part, -1 while empty.
 */
export interface StripRing {
  readonly slots: readonly (PartSummary | null)[];
  readonly head: number;
}

export const emptyRing: StripRing = { slots: Array.from({ length: stripLength }, () => null), head: -1 };

/** Oldest first, whatever order the station sends. */
export function oldestFirst(parts: readonly PartSummary[]): readonly PartSummary[] {
  const first = parts[0];
  const last = parts[parts.length - 1];
  return first && last && Date.parse(first.at) > Date.parse(last.at) ? [...parts].reverse() : parts;
}

export function advanceRing(ring: StripRing, recent: readonly PartSummary[]): StripRing {
  const parts = oldestFirst(recent).slice(-stripLength);
  const newest = ring.slots[ring.head] ?? null;
  const known = newest === null ? -1 : parts.findIndex((part) => part.resultId === newest.resultId);
  // A restart or a long gap leaves nothing in common: lay the strip out again from the first slot.
  const base: StripRing = known === -1 ? emptyRing : ring;
  const slots = [...base.slots];
  let head = base.head;
  const fresh = parts.slice(known + 1);
  const updates = new Map(parts.slice(0, known + 1).map((part) => [part.resultId, part]));
  for (const [slot, held] of slots.entries()) {
    const update = held === null ? undefined : updates.get(held.resultId);
    if (update) slots[slot] = update;
  }
  for (const part of fresh) {
    head = (head + 1) % stripLength;
    slots[head] = part;
  }
  return { slots, head };
}

/** Slots from the newest backwards, only filled ones. */
export function newestFirst(ring: StripRing): readonly PartSummary[] {
  const parts: PartSummary[] = [];
  for (let back = 0; back < stripLength && ring.head >= 0; back++) {
    const part = ring.slots[(ring.head - back + stripLength) % stripLength];
    if (part) parts.push(part);
  }
  return parts;
}
