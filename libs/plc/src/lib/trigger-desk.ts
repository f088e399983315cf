import { statusBit } from './register-map.js';
import type { TrackedPart } from './part-tracker.js';

/** The PLC's side of the four-phase trigger: one part at a time, in the order of the belt. */
export interface TriggerDesk {
  /** False when the waiting list is full; the part then goes unannounced and is rejected. */
  announce(part: TrackedPart): boolean;
  status(statusBits: number): void;
  /** Drops parts that no longer need an answer. */
  keep(wanted: (part: TrackedPart) => boolean): void;
  /** The next part to announce. */
  next(): TrackedPart | null;
  /** Nobody waits for an answer any more; TRIGGER goes down. */
  clear(): void;
  /** Part whose words stand in the control block. */
  current(): TrackedPart | null;
  /** TRIGGER. */
  raised(): boolean;
  busy(): boolean;
}

export function createTriggerDesk(capacity: number): TriggerDesk {
  let waiting: readonly TrackedPart[] = [];
  let current: TrackedPart | null = null;
  let raised = false;
  return {
    announce: (part) => {
      if (waiting.length >= capacity) return false;
      waiting = [...waiting, part];
      return true;
    },
    status: (statusBits) => {
      const acknowledged = (statusBits & statusBit.TRIGGER_ACK) !== 0;
      if (raised && acknowledged) raised = false;
      else if (!raised && !acknowledged && (statusBits & statusBit.TRIGGER_READY) !== 0) {
        const [next, ...rest] = waiting;
        if (next === undefined) return;
        waiting = rest;
        current = next;
        raised = true;
      }
    },
    keep: (wanted) => {
      waiting = waiting.filter(wanted);
    },
    next: () => waiting[0] ?? null,
    clear: () => {
      waiting = [];
      raised = false;
    },
    current: () => current,
    raised: () => raised,
    busy: () => raised || waiting.length > 0,
  };
}
