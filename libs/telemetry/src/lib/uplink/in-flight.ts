export interface Batch {
  readonly numbers: readonly number[];
  readonly bytes: number;
  readonly sentAtMs: number;
  /** A batch of one event that was left without an answer before. */
  readonly suspect: boolean;
  /** Not yet answered. */
  readonly open: Set<number>;
}

export interface InFlight {
  add(batch: Batch): void;
  /** Takes answered numbers out. @returns the batches that are complete by it */
  settle(answered: readonly number[]): readonly Batch[];
  /** Given back: its numbers may be sent again. @returns false when it was complete or given back before */
  drop(batch: Batch): boolean;
  clear(): readonly Batch[];
  has(batch: Batch): boolean;
  batches(): number;
  suspects(): number;
  numbers(): readonly number[];
}

/** What was sent and has no answer of the hub. Bounded by the sender's window. */
export function createInFlight(): InFlight {
  const batches = new Set<Batch>();
  return {
    add: (batch) => void batches.add(batch),
    settle(answered) {
      const complete: Batch[] = [];
      for (const batch of batches) {
        for (const number of answered) batch.open.delete(number);
        if (batch.open.size > 0) continue;
        batches.delete(batch);
        complete.push(batch);
      }
      return complete;
    },
    drop: (batch) => batches.delete(batch),
    clear() {
      const all = [...batches];
      batches.clear();
      return all;
    },
    has: (batch) => batches.has(batch),
    batches: () => batches.size,
    suspects: () => [...batches].filter((batch) => batch.suspect).length,
    numbers: () => [...batches].flatMap((batch) => [...batch.open]),
  };
}
