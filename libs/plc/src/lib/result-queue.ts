import type { PartVerdict } from '@edge-blueprints/contracts';
import { resultQueueCapacity } from './register-map.js';

/** A verdict on its way to the PLC. `ticket` names this one publication; a re-publication has a ticket of its own. */
export interface QueuedResult {
  readonly ticket: number;
  readonly verdict: PartVerdict;
  readonly recipeId: number;
}

export interface ResultQueue {
  /** False when there is no room; nothing that waits is ever dropped for it. */
  offer(result: QueuedResult): boolean;
  shift(): QueuedResult | undefined;
  /** Removes and returns everything. */
  drain(): readonly QueuedResult[];
  /** True when the next verdict would not find a place. */
  full(): boolean;
  depth(): number;
  holds(partSeq: number): boolean;
}

/**
 * First in, first out. Verdicts have eight places; error verdicts, which tell the PLC that a part was missed or overran,
 * have eight more, so that the reason of an overrun reaches the PLC although the queue is full.
 */
export function createResultQueue(): ResultQueue {
  let waiting: readonly QueuedResult[] = [];
  return {
    offer: (result) => {
      const limit = result.verdict.verdict === 'error' ? resultQueueCapacity * 2 : resultQueueCapacity;
      if (waiting.length >= limit) return false;
      waiting = [...waiting, result];
      return true;
    },
    shift: () => {
      const [first, ...rest] = waiting;
      waiting = rest;
      return first;
    },
    drain: () => {
      const all = waiting;
      waiting = [];
      return all;
    },
    full: () => waiting.length >= resultQueueCapacity,
    depth: () => Math.min(resultQueueCapacity, waiting.length),
    holds: (partSeq) => waiting.some((result) => result.verdict.partSeq === partSeq),
  };
}

export interface VerdictHistory {
  remember(verdict: PartVerdict, recipeId: number): void;
  /** Only the same part counts: a PLC that restarts its sequence must never be given an old part's verdict. */
  find(partSeq: number, encoder: number): { readonly verdict: PartVerdict; readonly recipeId: number } | undefined;
  clear(): void;
}

/** The verdicts of the last parts, for triggers that the PLC repeats. Bounded far below the wrap of PART_SEQ. */
export function createVerdictHistory(capacity: number): VerdictHistory {
  const bySequence = new Map<number, { readonly verdict: PartVerdict; readonly recipeId: number }>();
  return {
    remember: (verdict, recipeId) => {
      bySequence.delete(verdict.partSeq);
      bySequence.set(verdict.partSeq, { verdict, recipeId });
      const oldest = bySequence.size > capacity ? bySequence.keys().next() : undefined;
      if (oldest !== undefined && oldest.done !== true) bySequence.delete(oldest.value);
    },
    find: (partSeq, encoder) => {
      const known = bySequence.get(partSeq);
      return known !== undefined && known.verdict.encoder === encoder ? known : undefined;
    },
    clear: () => bySequence.clear(),
  };
}
