import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const boxSchema = z.strictObject({ xMin: z.number(), yMin: z.number(), xMax: z.number(), yMax: z.number() });

export const recordedDetectionSchema = z.strictObject({
  label: z.string(),
  classIndex: z.int().nonnegative(),
  score: z.number().min(0).max(1),
  box: boxSchema,
  /** Threshold that applied at this place and class, with its origin. */
  threshold: z.number(),
  provenance: z.string(),
  /** At or above its threshold: counts towards the verdict. */
  counted: z.boolean(),
});

export const storedImageSchema = z.strictObject({
  role: z.enum(['test', 'template', 'crop']),
  sha256,
  mime: z.string(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  /** Index into `detections` for a crop. */
  detection: z.int().optional(),
});

/** One inspected part. Times of stages are ms; `capturedAt` is UTC, ISO 8601. */
export const partRecordSchema = z.strictObject({
  resultId: z.string(),
  station: z.string(),
  partSeq: z.int(),
  partId: z.string(),
  productId: z.string(),
  recipeId: z.int(),
  encoder: z.int(),
  capturedAt: z.string(),
  clockSynchronised: z.boolean(),
  simulated: z.boolean(),
  verdict: z.enum(['pass', 'reject', 'review', 'error']),
  reason: z.string(),
  reasonCode: z.int(),
  detections: z.array(recordedDetectionSchema),
  model: z.strictObject({
    bundle: z.string(),
    version: z.string(),
    variant: z.string(),
    digest: z.string(),
    provider: z.string(),
    degradationLevel: z.int(),
  }),
  thresholdsDigest: z.string(),
  timings: z.strictObject({
    transportMs: z.number(),
    preprocessMs: z.number(),
    inferMs: z.number(),
    runMs: z.number(),
    postprocessMs: z.number(),
    decideMs: z.number(),
    actMs: z.number(),
    captureToActMs: z.number(),
  }),
  outcome: z.strictObject({ kind: z.enum(['delivered', 'published', 'ambiguous', 'refused']), code: z.string() }),
  images: z.array(storedImageSchema),
  overrule: z
    .strictObject({ verdict: z.enum(['pass', 'reject']), reason: z.string(), by: z.string(), at: z.string() })
    .optional(),
});

export type PartRecord = z.infer<typeof partRecordSchema>;
export type RecordedDetection = z.infer<typeof recordedDetectionSchema>;
export type StoredImage = z.infer<typeof storedImageSchema>;
