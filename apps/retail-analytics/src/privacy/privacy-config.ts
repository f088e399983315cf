import { z } from 'zod';

/** A decimal with at most six places, so that it is an exact rational: budgets are added and compared as whole millionths. */
const decimal = (schema: z.ZodNumber) =>
  schema.refine(
    (value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-4,
    'must have at most six decimal places',
  );
const share = decimal(z.number().min(0).max(1));
const span = z.enum(['short', 'long']);

const sharesSchema = z
  .strictObject({
    counts: share.default(0.35),
    visits: share.default(0.25),
    dwell: share.default(0.2),
    heat: share.default(0.15),
    queue: share.default(0.05),
    /** Off until it is given a part of the budget; a metric without a share is never released. */
    transitions: share.default(0),
  })
  .refine((shares) => Object.values(shares).reduce((sum, s) => sum + Math.round(s * 1e6), 0) <= 1_000_000, {
    message: 'must add up to at most 1: together they are the budget of a day',
  });

/**
 * Windows begin and end on multiples of their length since midnight UTC. A track belongs whole to the window in which it
 * began, so that windows of one metric that do not overlap share one budget instead of adding up.
 */
const windowsSchema = z
  .strictObject({
    shortS: z.int().min(5).max(86_400).default(3_600),
    longS: z.int().min(5).max(86_400).default(86_400),
    counts: span.default('short'),
    visits: span.default('short'),
    dwell: span.default('long'),
    heat: span.default('long'),
    queue: span.default('long'),
    transitions: span.default('long'),
  })
  .refine(({ shortS }) => 86_400 % shortS === 0, { path: ['shortS'], message: 'must divide a day of 86400 s' })
  .refine(({ longS }) => 86_400 % longS === 0, { path: ['longS'], message: 'must divide a day of 86400 s' })
  .refine(({ shortS, longS }) => longS % shortS === 0, { path: ['longS'], message: 'must be a multiple of shortS' });

const ledgerSchema = z.strictObject({
  /** Folder of the daily files, their lock and the high-water mark. */
  folder: z.string().min(1),
  /** A second copy of the high-water mark, best on another disk: it tells of a ledger folder put back from a backup. */
  witnessFile: z.string().min(1).nullable().default(null),
  /** Daily files older than this are removed; windows older than this are refused for good. */
  keepDays: z.int().min(2).max(3_650).default(400),
  /** A clock that is further back than this behind the newest entry stops all releases until it has caught up. */
  clockToleranceMs: z.int().min(0).max(600_000).default(2_000),
});

/** The privacy section of a store node's configuration. */
export const privacySchema = z.strictObject({
  /** What one track-visit can lose in a day, over all metrics together. */
  epsilonPerDay: decimal(z.number().min(0.01).max(10)).default(1),
  shares: sharesSchema.prefault({}),
  windows: windowsSchema.prefault({}),
  /** A released number below this many people is suppressed; the test is made on the noisy number. */
  minimumCount: z.int().min(0).max(1_000).default(10),
  roundTo: z.int().min(1).max(100).default(5),
  /** Live figures inside the store below this are told as "fewer". They have no noise and never leave the node's page. */
  liveMinimumCount: z.int().min(2).max(1_000).default(5),
  /** Side of a cell of the released heat map. Smaller cells, more noise for each. */
  heatCellM: z.union([z.literal(0.5), z.literal(1), z.literal(2), z.literal(4)]).default(1),
  /** Who waits longer than this counts in the queue metric. */
  queueThresholdS: z.int().min(10).max(3_600).default(120),
  /** Tracks per person, measured with `npm run mot-score` on labelled clips. The guarantee per person is this times epsilon. */
  fragmentation: z.number().min(1).max(100).default(2),
  ledger: ledgerSchema,
});
export type PrivacyConfig = Readonly<z.infer<typeof privacySchema>>;
