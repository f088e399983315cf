import {
  cloudEventSchema,
  fleetEventData,
  gapSchema,
  parseFleetJson,
  type Acknowledgement,
  type SequenceRange,
} from '@edge-blueprints/contracts';
import { z } from 'zod';
import { countNumbers, mergeRanges, rangesOf, subtractRanges } from '../../outbox/number-ranges.js';

/** What the hub knows of one outbox file. */
export interface ReferenceStream {
  readonly delivered: readonly SequenceRange[];
  readonly declared: readonly SequenceRange[];
  readonly highest: number;
  /** Numbers up to the highest that were neither delivered nor declared. */
  readonly missing: number;
}

export interface ReferenceIngest {
  /** Commits a batch. @returns the acknowledgement; undefined for a payload that is no batch */
  take(from: string, payload: Uint8Array): Acknowledgement | undefined;
  stream(from: string, epoch: string): ReferenceStream;
  /** Whether all of these were committed. */
  has(from: string, epoch: string, ranges: readonly SequenceRange[]): boolean;
  readonly events: () => number;
  /** Events that came again and were not counted again. */
  readonly duplicates: () => number;
  readonly malformed: () => number;
  readonly refused: () => number;
}

const batchSchema = z.array(cloudEventSchema).min(1).max(500);
/** The little that is needed, for a simulation that counts millions. */
const shortBatchSchema = z
  .array(z.object({ epoch: z.string(), sequence: z.int(), type: z.string(), data: z.unknown() }))
  .min(1);

/**
 * The hub's side of the wire, in memory: what the rule "an event is new iff its number is not in delivered" means.
 * @param check reads every event by its full schema; without it, only what is needed
 * @param refuse a code for an event that shall be turned down
 */
export function createReferenceIngest(options: {
  readonly check: boolean;
  readonly refuse?: (from: string, sequence: number) => string | undefined;
}): ReferenceIngest {
  const streams = new Map<string, { delivered: readonly SequenceRange[]; declared: readonly SequenceRange[] }>();
  let events = 0;
  let duplicates = 0;
  let malformed = 0;
  let refusals = 0;
  const streamOf = (from: string, epoch: string) => {
    const key = `${from} ${epoch}`;
    const known = streams.get(key) ?? { delivered: [], declared: [] };
    streams.set(key, known);
    return known;
  };
  const read = (payload: Uint8Array) =>
    options.check ? parseFleetJson(batchSchema, payload) : parseFleetJson(shortBatchSchema, payload);
  return {
    take(from, payload) {
      const parsed = read(payload);
      if (!parsed.ok) {
        malformed += 1;
        return undefined;
      }
      const epoch = parsed.value[0]?.epoch ?? '';
      const refused: { sequence: number; code: string }[] = [];
      const accepted: number[] = [];
      for (const { sequence, type, data } of parsed.value) {
        const schema = options.check ? Object.entries(fleetEventData).find(([name]) => name === type)?.[1] : undefined;
        const bad = options.check && !schema?.safeParse(data).success;
        const code = bad ? 'hub.event-data' : options.refuse?.(from, sequence);
        if (code !== undefined) {
          refused.push({ sequence, code });
          continue;
        }
        accepted.push(sequence);
        if (type !== 'edge-blueprints.gap.v1') continue;
        const gap = gapSchema.parse(data);
        const lost = streamOf(from, gap.epoch);
        lost.declared = mergeRanges([...lost.declared, ...gap.ranges]);
      }
      const stream = streamOf(from, epoch);
      const ranges = rangesOf(accepted);
      const fresh = countNumbers(subtractRanges(ranges, stream.delivered));
      stream.delivered = mergeRanges([...stream.delivered, ...ranges]);
      events += fresh;
      duplicates += accepted.length - fresh;
      refusals += refused.length;
      return { epoch, accepted: [...ranges].map(([a, b]) => [a, b]), refused };
    },
    stream(from, epoch) {
      const { delivered, declared } = streamOf(from, epoch);
      const all = mergeRanges([...delivered, ...declared]);
      const highest = all.at(-1)?.[1] ?? 0;
      return { delivered, declared, highest, missing: highest - countNumbers(all) };
    },
    has: (from, epoch, ranges) => subtractRanges(ranges, streamOf(from, epoch).delivered).length === 0,
    events: () => events,
    duplicates: () => duplicates,
    malformed: () => malformed,
    refused: () => refusals,
  };
}
