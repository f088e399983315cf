import { z } from 'zod';

const ms = z.number();

/** What the shop answers to the command `truth`: what really happened, times on the machine's monotonic clock. */
export const shopTruthSchema = z.looseObject({
  event: z.literal('truth'),
  monotonicMs: ms,
  epochMs: ms,
  sinceMs: ms,
  people: z.int(),
  lines: z.record(z.string(), z.looseObject({ in: z.array(ms), out: z.array(ms) })),
  zones: z.record(
    z.string(),
    z.looseObject({
      inside: z.int(),
      visits: z.array(z.looseObject({ enteredMs: ms, leftMs: ms.nullable() })),
    }),
  ),
  queues: z.record(
    z.string(),
    z.looseObject({
      lengths: z.array(z.tuple([ms, z.int(), z.int()])),
      visits: z.array(z.looseObject({ joinedMs: ms, servedMs: ms.nullable(), outcome: z.string() })),
    }),
  ),
});
export type ShopTruth = z.infer<typeof shopTruthSchema>;

/** People in a queue at a moment; the first entry of `lengths` holds from the beginning. */
export function lengthAt(lengths: ShopTruth['queues'][string]['lengths'], atMs: number): number {
  return lengths.findLast(([fromMs]) => fromMs <= atMs)?.[1] ?? 0;
}

export interface Stay {
  readonly seconds: number;
  /** It was not over when it was last looked at. */
  readonly censored: boolean;
}

/**
 * Median stay by the product-limit estimate (Kaplan and Meier 1958): the first time at which the share that stays has fallen
 * to one half. @returns null where it never does
 */
export function medianStayS(stays: readonly Stay[]): number | null {
  const sorted = [...stays].sort((a, b) => a.seconds - b.seconds || Number(a.censored) - Number(b.censored));
  let staying = 1;
  for (const [i, { seconds, censored }] of sorted.entries()) {
    if (censored) continue;
    staying *= 1 - 1 / (sorted.length - i);
    if (staying <= 0.5) return seconds;
  }
  return null;
}

/**
 * Stays in a zone as somebody sees them who looks from `fromMs` to `toMs`: those that began then, because of who is there
 * already nobody knows since when.
 */
export function staysBetween(
  visits: ShopTruth['zones'][string]['visits'],
  fromMs: number,
  toMs: number,
): readonly Stay[] {
  return visits
    .filter(({ enteredMs }) => enteredMs >= fromMs && enteredMs < toMs)
    .map(({ enteredMs, leftMs }) => ({
      seconds: (Math.min(leftMs ?? toMs, toMs) - enteredMs) / 1000,
      censored: leftMs === null || leftMs > toMs,
    }));
}
