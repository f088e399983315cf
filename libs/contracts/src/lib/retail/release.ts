import { z } from 'zod';

const finite = z.number().refine(Number.isFinite);
const name = z.string().min(1).max(128);
const integer = z.int();

export const releaseMetrics = ['counts', 'visits', 'dwell', 'heat', 'queue', 'transitions'] as const;
export type ReleaseMetric = (typeof releaseMetrics)[number];

/** One released number; everything in it has passed the mechanism or is public. */
const cellSchema = z.strictObject({
  /** What is counted: `entrance/in`, `zone/bakery`, `zone/bakery/60-120`, `cell/12/7`. Public, never derived from data. */
  key: z.string().min(1).max(96),
  /** After noise and post-processing. Null: suppressed because the noisy value was below the minimum. */
  value: integer.nullable(),
  /** Where it is not the unit of the release: a median in seconds, worked out from the noisy values alone. */
  unit: name.optional(),
});

/**
 * One metric of one window of one store, released once: asking again gives this same record. `epsilon` was spent for it.
 */
export const retailReleaseSchema = z.strictObject({
  format: z.literal('edge-retail-release/1'),
  store: name,
  metric: z.enum(releaseMetrics),
  windowFrom: z.iso.datetime(),
  windowTo: z.iso.datetime(),
  /** Revision of the store plan that the numbers belong to. */
  planRevision: z.int().min(1),
  mechanism: z.literal('discrete-laplace'),
  epsilon: z.number().gt(0),
  /** L1 sensitivity to one track-visit. */
  sensitivity: z.int().positive(),
  /** 95 % of the noise lies within plus or minus this, in the unit of the values. */
  error95: finite.nonnegative(),
  /** Values are in this unit: `people`, `visits`, `hundredths of a visit`. */
  unit: name,
  minimum: integer,
  roundedTo: z.int().min(1),
  /** Share of the window in which every camera of the metric was seeing, 0 to 1. Not sensitive: it tells of cameras. */
  coverage: z.number().min(0).max(1),
  /** `degraded` where frame rate, coverage or the queue's own check say that the numbers are not to be trusted. */
  quality: z.enum(['good', 'degraded', 'unknown']),
  qualityReasons: z.array(z.string().max(120)).max(8).readonly(),
  cells: z.array(cellSchema).max(4_096).readonly(),
  /** Tracks per person, measured; the guarantee per person is this times epsilon. */
  fragmentation: finite.positive(),
  /**
   * The reservation in the store's budget ledger that paid for it. Entry numbers only rise; who keeps releases and sees one
   * that fell, or another hash under a number it knows, knows that the ledger was put back from a copy.
   */
  ledger: z.strictObject({ entry: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  simulated: z.boolean(),
});
export type RetailRelease = Readonly<z.infer<typeof retailReleaseSchema>>;
