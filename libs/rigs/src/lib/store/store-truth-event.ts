import type { StorePlan } from '@edge-blueprints/contracts';
import type { StoreTruth } from './store-truth.js';

/** The truth as it leaves the process: times on the machine's monotonic clock, nobody numbered. */
export interface StoreTruthEvent {
  readonly event: 'truth';
  /** The moment that the truth stands for. */
  readonly monotonicMs: number;
  readonly epochMs: number;
  readonly sinceMs: number;
  /** Customers behind the entrance line. */
  readonly people: number;
  readonly parties: number;
  readonly staff: number;
  readonly lines: Readonly<
    Record<string, { readonly in: readonly number[]; readonly out: readonly number[]; readonly staff: number }>
  >;
  /** Customers' visits that were not over before `sinceMs`: entered, and left or null. */
  readonly zones: Readonly<
    Record<
      string,
      {
        readonly inside: number;
        readonly visits: readonly { readonly enteredMs: number; readonly leftMs: number | null }[];
        readonly staffVisits: number;
      }
    >
  >;
  readonly queues: Readonly<
    Record<
      string,
      {
        readonly length: number;
        readonly parties: number;
        readonly visits: readonly {
          readonly joinedMs: number;
          readonly servedMs: number | null;
          readonly leftMs: number | null;
          readonly outcome: 'waiting' | 'in-service' | 'served' | 'abandoned';
        }[];
        /** From each of these moments on so many people and parties. The first holds at `sinceMs`. */
        readonly lengths: readonly (readonly [fromMs: number, people: number, parties: number])[];
      }
    >
  >;
  /** Since the process was ready. */
  readonly heat: StoreTruth['heat'];
  readonly dropped: number;
}

/**
 * @param originMs the monotonic clock at second 0 of the store
 * @param sinceMs what ended before is left out
 * @param heatBefore cells as they were when the process got ready
 */
export function truthEvent(
  truth: StoreTruth,
  options: {
    readonly plan: StorePlan;
    readonly originMs: number;
    readonly epochMs: number;
    readonly sinceMs: number;
    readonly heatBefore: readonly number[];
  },
): StoreTruthEvent {
  const { originMs, sinceMs, heatBefore } = options;
  const ms = (atS: number): number => Math.round(originMs + atS * 1000);
  const orNull = (atS: number | undefined): number | null => (atS === undefined ? null : ms(atS));
  const lasts = (endS: number | undefined): boolean => endS === undefined || ms(endS) >= sinceMs;
  const crossings = truth.crossings.filter(({ atS }) => ms(atS) >= sinceMs);
  const visits = truth.visits.filter(({ leftS }) => lasts(leftS));
  return {
    event: 'truth',
    monotonicMs: ms(truth.atS),
    epochMs: options.epochMs,
    sinceMs,
    people: truth.people,
    parties: truth.parties,
    staff: truth.staff,
    lines: Object.fromEntries(
      options.plan.lines.map(({ id }) => {
        const own = crossings.filter(({ line, staff }) => line === id && !staff);
        const times = (way: 'in' | 'out'): number[] =>
          own.filter(({ direction }) => direction === way).map(({ atS }) => ms(atS));
        const staff = crossings.filter((crossing) => crossing.line === id && crossing.staff).length;
        return [id, { in: times('in'), out: times('out'), staff }];
      }),
    ),
    zones: Object.fromEntries(
      options.plan.zones.map(({ id }) => {
        const own = visits.filter(({ zone, staff }) => zone === id && !staff);
        return [
          id,
          {
            inside: own.filter(({ leftS }) => leftS === undefined).length,
            visits: own.map(({ enteredS, leftS }) => ({ enteredMs: ms(enteredS), leftMs: orNull(leftS) })),
            staffVisits: visits.filter(({ zone, staff }) => zone === id && staff).length,
          },
        ];
      }),
    ),
    queues: Object.fromEntries(
      Object.entries(truth.queueLengths).map(([id, lengths]) => {
        const last = lengths[lengths.length - 1];
        const before = lengths.findLastIndex(({ fromS }) => ms(fromS) <= sinceMs);
        return [
          id,
          {
            length: last?.people ?? 0,
            parties: last?.parties ?? 0,
            visits: truth.queueVisits
              .filter(({ queue, leftS }) => queue === id && lasts(leftS))
              .map(({ joinedS, servedS, leftS, outcome }) => ({
                joinedMs: ms(joinedS),
                servedMs: orNull(servedS),
                leftMs: orNull(leftS),
                outcome,
              })),
            lengths: lengths
              .slice(Math.max(0, before))
              .map(({ fromS, people, parties }) => [Math.max(sinceMs, ms(fromS)), people, parties] as const),
          },
        ];
      }),
    ),
    heat: { ...truth.heat, seconds: truth.heat.seconds.map((s, at) => s - (heatBefore[at] ?? 0)) },
    dropped: truth.dropped,
  };
}
