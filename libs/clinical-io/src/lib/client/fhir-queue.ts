import { UsageError } from '@edge-blueprints/contracts';
import type { FhirResource } from '../resources/fhir-elements.js';

/** One resource in the order in which it has to arrive. */
export interface QueuedResource {
  /** Grows; names the entry. */
  readonly sequence: number;
  readonly resource: FhirResource;
}

export interface QuarantinedResource extends QueuedResource {
  /** What the server said. */
  readonly reason: string;
}

/**
 * Where resources wait for the server. The ward's own implementation is on disk and takes an entry before anybody is told that it
 * is written; a quarantined entry is kept, so that it can be looked at and sent again.
 */
export interface FhirQueue {
  /** The oldest entries, at most `limit`, and the same ones until they are done or quarantined. */
  peek(limit: number): Promise<readonly QueuedResource[]>;
  done(sequences: readonly number[]): Promise<void>;
  quarantine(entry: QueuedResource, reason: string): Promise<void>;
  depth(): number;
}

export interface MemoryFhirQueue extends FhirQueue {
  /** @returns false when it is full: the entry was counted and not taken */
  add(resource: FhirResource): boolean;
  quarantined(): readonly QuarantinedResource[];
  readonly dropped: number;
}

/** A bounded queue that ends with the process: for tests and for demonstrations. */
export function createMemoryFhirQueue(limits: {
  readonly entries: number;
  readonly quarantined: number;
}): MemoryFhirQueue {
  if (limits.entries < 1 || limits.quarantined < 1)
    throw new UsageError('fhir.queue', `a queue holds at least one entry: ${JSON.stringify(limits)}`);
  const waiting = new Map<number, QueuedResource>();
  const poison: QuarantinedResource[] = [];
  let sequence = 0;
  let dropped = 0;
  return {
    add: (resource) => {
      if (waiting.size >= limits.entries) {
        dropped++;
        return false;
      }
      sequence++;
      waiting.set(sequence, { sequence, resource });
      return true;
    },
    peek: (limit) => {
      const found: QueuedResource[] = [];
      for (const entry of waiting.values()) {
        if (found.length >= limit) break;
        found.push(entry);
      }
      return Promise.resolve(found);
    },
    done: (sequences) => {
      for (const each of sequences) waiting.delete(each);
      return Promise.resolve();
    },
    quarantine: (entry, reason) => {
      waiting.delete(entry.sequence);
      poison.push({ ...entry, reason });
      if (poison.length > limits.quarantined) {
        poison.shift();
        dropped++;
      }
      return Promise.resolve();
    },
    depth: () => waiting.size,
    quarantined: () => [...poison],
    get dropped() {
      return dropped;
    },
  };
}
