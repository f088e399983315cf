import type { TruthEvent } from './truth-event.js';

export interface TruthLog {
  add(events: readonly TruthEvent[]): void;
  since(atMs: number): readonly TruthEvent[];
  readonly dropped: () => number;
}

/** The last truth events of a ward, for whoever asks later. */
export function createTruthLog(limit = 100_000): TruthLog {
  let kept: TruthEvent[] = [];
  let dropped = 0;
  return {
    add(events) {
      kept.push(...events);
      // A tenth at a time: taking the first off a long array each second costs.
      if (kept.length <= limit * 1.1) return;
      dropped += kept.length - limit;
      kept = kept.slice(-limit);
    },
    since: (atMs) => kept.filter((event) => event.atMs >= atMs),
    dropped: () => dropped,
  };
}
