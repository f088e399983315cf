import { z } from 'zod';
import { retailReleaseSchema } from '../retail/release.js';
import { partRecordSchema } from '../part-record.js';
import { rangeSchema, runIdPattern } from './envelope.js';

const name = z.string().min(1).max(128);
const count = z.int().nonnegative();
const finite = z.number();
const attributes = z.record(z.string().max(64), z.string().max(128));

/** What a device is; sent at each start and when it changes. */
export const deviceInfoSchema = z.strictObject({
  app: name,
  version: name,
  /** Target of blueprints/targets, for example `cpu`. */
  target: name,
  bundle: name,
  bundleVersion: name,
  variant: name,
  provider: name,
  /** Address of the device's own page, null for none. */
  pageUrl: z.string().max(256).nullable(),
});

/** A verdict, without pictures. Times in ms. */
export const partInspectedSchema = z.strictObject({
  resultId: name,
  partId: name,
  productId: name,
  verdict: partRecordSchema.shape.verdict,
  reason: z.string().max(500),
  reasonCode: z.int(),
  abstained: z.boolean(),
  /** Highest score of each label that was found, 0 to 1. */
  scores: z.record(z.string().max(64), z.number().min(0).max(1)),
  captureToActMs: finite,
  modelRunMs: finite,
  bundleVersion: name,
  variant: name,
  provider: name,
});

export const partOverruledSchema = z.strictObject({
  resultId: name,
  verdict: z.enum(['pass', 'reject']),
  reason: z.string().max(500),
  by: name,
});

/**
 * OpenTelemetry base-2 exponential histogram: bucket i of `counts` holds values in (base^(offset+i), base^(offset+i+1)],
 * base = 2^(2^-scale). Histograms of one name merge without error after the finer one is brought to the coarser scale.
 */
export const exponentialHistogramSchema = z.strictObject({
  scale: z.int().min(-10).max(20),
  zeroCount: count,
  /** 32 bits, as in OTLP: few samples at the finest scale lie millions of buckets away from 1. */
  offset: z
    .int()
    .min(-(2 ** 31))
    .max(2 ** 31 - 1),
  counts: z.array(count).max(320),
  sum: finite,
  min: finite,
  max: finite,
});

/** What was measured since the last report. Counters are increments of the interval; gauges the last value. */
export const metricsReportSchema = z.strictObject({
  intervalMs: count,
  gauges: z.array(z.strictObject({ name, attributes, value: finite })).max(400),
  counters: z.array(z.strictObject({ name, attributes, increment: finite })).max(400),
  histograms: z
    .array(z.strictObject({ name, attributes, unit: z.string().max(16), ...exponentialHistogramSchema.shape }))
    .max(100),
});

const featureDistribution = z.strictObject({
  /** Upper edges of all bins but the last, which is open; the first is open below. */
  edges: z.array(finite).max(256),
  reference: z.array(finite).max(257),
  current: z.array(finite).max(257),
});

/** One watched feature over one window. `effect` is in the unit that `effectName` names. */
export const driftFeatureSchema = z.strictObject({
  feature: name,
  unit: z.string().max(32),
  samples: count,
  test: name,
  statistic: finite,
  pValue: z.number().min(0).max(1),
  effectName: name,
  effect: finite,
  effectThreshold: finite,
  referenceMean: finite,
  currentMean: finite,
  state: z.enum(['warming-up', 'stable', 'drifting']),
  distribution: featureDistribution.nullable(),
});

export const driftReportSchema = z.strictObject({
  bundle: name,
  bundleVersion: name,
  windowFrom: z.iso.datetime(),
  windowTo: z.iso.datetime(),
  parts: count,
  falseAlarmsPerMonth: finite,
  features: z.array(driftFeatureSchema).max(64),
  /** Accuracy that is estimated without labels (CBPE); never a measurement. Null where scores are not calibrated. */
  estimatedAccuracy: z.strictObject({ value: finite, low: finite, high: finite, samples: count }).nullable(),
});

/** Raised once when a feature drifts, once more when it is over. */
export const driftAlarmSchema = z.strictObject({
  alarm: name,
  state: z.enum(['raised', 'cleared']),
  feature: name,
  /** A sentence for a person: which feature, since when, how much. */
  explanation: z.string().max(500),
  since: z.iso.datetime(),
  sinceResultId: name.nullable(),
  pValue: z.number().min(0).max(1),
  effectName: name,
  effect: finite,
  /** Result ids of parts that show it. */
  examples: z.array(name).max(12),
});

const picture = z.strictObject({
  role: z.enum(['test', 'template']),
  mime: z.enum(['image/png', 'image/webp', 'image/jpeg']),
  width: z.int().positive(),
  height: z.int().positive(),
  base64: z.string().max(120_000),
});

/** A verdict that a person should check, drawn at random with a known probability. */
export const labelCandidateSchema = z.strictObject({
  resultId: name,
  partId: name,
  verdict: z.enum(['pass', 'reject']),
  /** The model's own probability that the part is bad, null where none is calibrated. */
  score: z.number().min(0).max(1).nullable(),
  stratum: name,
  /** Probability that a part of its stratum was drawn: what makes the accuracy estimate unbiased. */
  inclusionProbability: z.number().gt(0).max(1),
  bundleVersion: name,
  detections: partRecordSchema.shape.detections,
  pictures: z.array(picture).max(2),
});

/**
 * Numbers that the hub will never get unless it has them already, with the reason: ascending inclusive ranges without
 * overlap. Several ranges, because metric events go before the business events that stand between them. `epoch` is mostly
 * the event's own; after a file that could not be saved it is the lost one. `lost` counts what is known to have been
 * undelivered.
 */
export const gapSchema = z.strictObject({
  epoch: z.string().regex(runIdPattern),
  ranges: z.array(rangeSchema).min(1).max(1_000),
  cause: z.enum(['evicted-bytes', 'evicted-age', 'corrupt', 'refused-by-hub', 'lost-metrics']),
  lost: z.strictObject({ critical: count, business: count, metric: count }),
});

/** Who did what on the device. */
export const auditSchema = z.strictObject({
  who: name,
  action: name,
  target: z.string().max(256),
  reason: z.string().max(500),
});

/** CloudEvents type -> schema of its data. A type that is not here is quarantined by the hub, not guessed at. */
export const fleetEventData = {
  'edge-blueprints.device-info.v1': deviceInfoSchema,
  'edge-blueprints.part-inspected.v1': partInspectedSchema,
  'edge-blueprints.part-overruled.v1': partOverruledSchema,
  'edge-blueprints.metrics.v1': metricsReportSchema,
  'edge-blueprints.drift-report.v1': driftReportSchema,
  'edge-blueprints.drift-alarm.v1': driftAlarmSchema,
  'edge-blueprints.label-candidate.v1': labelCandidateSchema,
  'edge-blueprints.gap.v1': gapSchema,
  'edge-blueprints.audit.v1': auditSchema,
  'edge-blueprints.retail-release.v1': retailReleaseSchema,
} as const;
export type FleetEventType = keyof typeof fleetEventData;
export type FleetEventData<T extends FleetEventType> = Readonly<z.infer<(typeof fleetEventData)[T]>>;

export type ExponentialHistogram = Readonly<z.infer<typeof exponentialHistogramSchema>>;
export type MetricsReport = Readonly<z.infer<typeof metricsReportSchema>>;
export type DriftReport = Readonly<z.infer<typeof driftReportSchema>>;
export type DriftFeature = Readonly<z.infer<typeof driftFeatureSchema>>;
export type DriftAlarm = Readonly<z.infer<typeof driftAlarmSchema>>;
export type LabelCandidate = Readonly<z.infer<typeof labelCandidateSchema>>;
export type GapRecord = Readonly<z.infer<typeof gapSchema>>;
export type DeviceInfo = Readonly<z.infer<typeof deviceInfoSchema>>;
export type PartInspected = Readonly<z.infer<typeof partInspectedSchema>>;
