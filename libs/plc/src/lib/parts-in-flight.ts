import type { PartTrigger } from '@edge-blueprints/contracts';

/** Parts that the PLC announced and that have no verdict yet. Bounded by the readiness rule, which counts them. */
export interface PartsInFlight {
  add(trigger: PartTrigger): void;
  /** Removes and returns the part, or undefined when this very part is not in flight. */
  take(partSeq: number, encoder: number): PartTrigger | undefined;
  /** The part in flight under this sequence, whatever its encoder. */
  find(partSeq: number): PartTrigger | undefined;
  /** Removes and returns the parts that were triggered before `atMs`. */
  takeOlderThan(atMs: number): readonly PartTrigger[];
  clear(): void;
  count(): number;
}

export function createPartsInFlight(): PartsInFlight {
  const parts = new Map<number, PartTrigger>();
  return {
    add: (trigger) => {
      parts.set(trigger.partSeq, trigger);
    },
    take: (partSeq, encoder) => {
      const part = parts.get(partSeq);
      if (part === undefined || part.encoder !== encoder) return undefined;
      parts.delete(partSeq);
      return part;
    },
    find: (partSeq) => parts.get(partSeq),
    takeOlderThan: (atMs) => {
      const old = [...parts.values()].filter((part) => part.triggeredAtMs < atMs);
      for (const part of old) parts.delete(part.partSeq);
      return old;
    },
    clear: () => parts.clear(),
    count: () => parts.size,
  };
}
