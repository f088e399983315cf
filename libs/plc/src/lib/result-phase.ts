import type { PartVerdict } from '@edge-blueprints/contracts';
import { controlBit, nextSequence } from './register-map.js';
import { createResultQueue } from './result-queue.js';
import type { QueuedResult } from './result-queue.js';

export type ResultEvent =
  | { readonly kind: 'shown'; readonly ticket: number; readonly resultSeq: number; readonly atMs: number }
  | { readonly kind: 'acknowledged'; readonly ticket: number; readonly atMs: number };

export interface ResultPhase {
  /** The ticket of this publication, or null when there is no room. Shows it at once when the block is free. */
  offer(verdict: PartVerdict, recipeId: number, atMs: number): number | null;
  control(controlBits: number, atMs: number): void;
  /** Takes back everything that the PLC has not acknowledged. */
  withdraw(): readonly QueuedResult[];
  /** RESULT_VALID. */
  valid(): boolean;
  /** The result whose words stand in the block, acknowledged or not. */
  current(): QueuedResult | null;
  resultSeq(): number;
  full(): boolean;
  depth(): number;
  waitsFor(partSeq: number): boolean;
  drainEvents(): readonly ResultEvent[];
}

/** RESULT_VALID up, RESULT_ACK up, RESULT_VALID down, RESULT_ACK down; then the next result in order. */
export function createResultPhase(firstResultSeq: number): ResultPhase {
  const queue = createResultQueue();
  let current: QueuedResult | null = null;
  let valid = false;
  let bits = 0;
  let resultSeq = firstResultSeq;
  let ticket = 0;
  let events: ResultEvent[] = [];

  const showNext = (atMs: number): void => {
    const held = valid && (bits & controlBit.BUFFER_ENABLE) !== 0;
    if (held || (bits & controlBit.RESULT_ACK) !== 0) return;
    const next = queue.shift();
    if (next === undefined) return;
    current = next;
    valid = true;
    resultSeq = nextSequence(resultSeq);
    events.push({ kind: 'shown', ticket: next.ticket, resultSeq, atMs });
  };

  return {
    offer: (verdict, recipeId, atMs) => {
      const result: QueuedResult = { ticket: ticket + 1, verdict, recipeId };
      if (!queue.offer(result)) return null;
      ticket += 1;
      showNext(atMs);
      return result.ticket;
    },
    control: (controlBits, atMs) => {
      const acknowledged = (controlBits & controlBit.RESULT_ACK) !== 0;
      const rising = acknowledged && (bits & controlBit.RESULT_ACK) === 0;
      bits = controlBits;
      if (rising && valid && current !== null) {
        valid = false;
        events.push({ kind: 'acknowledged', ticket: current.ticket, atMs });
      }
      showNext(atMs);
    },
    withdraw: () => {
      const shown = valid && current !== null ? [current] : [];
      valid = false;
      return [...shown, ...queue.drain()];
    },
    valid: () => valid,
    current: () => current,
    resultSeq: () => resultSeq,
    full: () => queue.full(),
    depth: () => queue.depth(),
    waitsFor: (partSeq) => queue.holds(partSeq) || (valid && current?.verdict.partSeq === partSeq),
    drainEvents: () => {
      const drained = events;
      events = [];
      return drained;
    },
  };
}
