import { z } from 'zod';
import { nextSequence } from './register-map.js';

/** Totals that survive a restart of the station. */
export const stationCountersSchema = z.strictObject({
  inspected: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  missedTriggers: z.int().nonnegative(),
  /** No result of an earlier run has a RESULT_SEQ beyond this one. */
  resultSeqReserved: z.int().min(0).max(0xffff),
});
export type StationCounters = z.infer<typeof stationCountersSchema>;

export const zeroCounters: StationCounters = { inspected: 0, rejected: 0, missedTriggers: 0, resultSeqReserved: 0 };

/** Where the totals live between runs. `load` returns null on the first run. */
export interface CounterStore {
  load(): StationCounters | null;
  save(counters: StationCounters): void;
}

/** For tests and for stations that accept to count from zero after a restart. */
export function createMemoryCounterStore(initial: StationCounters | null = null): CounterStore {
  let kept = initial;
  return {
    load: () => kept,
    save: (counters) => {
      kept = counters;
    },
  };
}

const reserveAhead = 256;

/** RESULT_SEQ is reserved ahead and saved, so that it never repeats after a crash between two saves. */
export function reserveResultSeq(resultSeq: number): number {
  let reserved = resultSeq;
  for (let step = 0; step < reserveAhead; step += 1) reserved = nextSequence(reserved);
  return reserved;
}
