import type { TruthEvent } from '@edge-blueprints/rigs';
import { z } from 'zod';

const count = z.int();
const ms = z.number().nullable();
const latencySchema = z.looseObject({ count, p50Ms: ms, p95Ms: ms, p99Ms: ms, maxMs: ms, sumMs: z.number() });

/** What the gateway says of itself once a second (`--report-ms`) and when it has stopped. */
export const gatewaySchema = z.looseObject({
  event: z.enum(['progress', 'stopped']),
  stations: z.looseObject({
    connected: count,
    resent: count,
    conditionToSent: latencySchema,
    conditionToPainted: latencySchema,
  }),
  ingest: z.looseObject({
    received: count,
    samples: count,
    rejected: count,
    duplicate: count,
    lost: count,
    recovered: count,
  }),
  longestStallMs: z.number(),
  fhir: z.looseObject({ written: count, waiting: count, refused: count }).nullable(),
});
export type GatewayFigures = z.infer<typeof gatewaySchema>;

/** Account of every sample that the wearables made. */
export const rigTotalsSchema = z.looseObject({
  event: z.enum(['progress', 'totals']),
  made: count,
  sends: count,
  acknowledged: count,
  dropped: count,
  waiting: count,
});
export type RigTotals = z.infer<typeof rigTotalsSchema>;

const toldSchema = z.looseObject({
  event: z.literal('truth'),
  kind: z.string(),
  id: z.string(),
  bed: z.string(),
  atMs: z.number(),
});

/** What truly happened, as the rig tells it when it happens. */
export const truthSchema: z.ZodType<TruthEvent> = z.custom<TruthEvent>((value) => toldSchema.safeParse(value).success);
