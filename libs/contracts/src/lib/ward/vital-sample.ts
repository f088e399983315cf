import { z } from 'zod';

/** What a sample says about itself, after the measurement-status bits of ISO/IEEE 11073. */
export const sampleStatuses = ['invalid', 'questionable', 'lead-off', 'test', 'demo', 'calibrating'] as const;
export type SampleStatus = (typeof sampleStatuses)[number];

const key = {
  /** Changes at every start of the device; with `seq` it names a sample once and for all. */
  boot: z.string().regex(/^[a-z0-9]{1,32}$/),
  /** One counter for all channels of the device: a number that is left out is a lost message. */
  seq: z.int().min(0),
  /** The device's clock, milliseconds of Unix time. Kept, shown, never trusted: the gateway goes by its receipt clock. */
  tDevMs: z.int(),
};

/** `hr` /min, `spo2` %, `rr` /min at about 1 Hz. `v` null: measured nothing. Plausibility is judged later, so that nothing vanishes. */
export const vitalSampleSchema = z.strictObject({
  ...key,
  v: z.number().refine(Number.isFinite).nullable(),
  /** Signal quality as the device sees it, 0 to 100. */
  q: z.int().min(0).max(100),
  status: z.array(z.enum(sampleStatuses)).max(sampleStatuses.length).readonly(),
});
export type VitalSample = Readonly<z.infer<typeof vitalSampleSchema>>;

/** One second of acceleration: int16 little-endian triplets x y z in base64; metres per second squared = value x `scale`. */
export const accelerationBatchSchema = z.strictObject({
  ...key,
  hz: z.int().min(1).max(100),
  scale: z.number().gt(0).max(1),
  xyz: z.base64().max(1_200),
});
export type AccelerationBatch = Readonly<z.infer<typeof accelerationBatchSchema>>;

/** Retained; the last will is `{ online: false }` with the boot it belongs to. */
export const wearableStateSchema = z.strictObject({
  boot: key.boot,
  online: z.boolean(),
  tDevMs: key.tDevMs.optional(),
  batteryPercent: z.int().min(0).max(100).optional(),
  lead: z.enum(['on', 'off']).optional(),
  firmware: z.string().max(64).optional(),
});
export type WearableState = Readonly<z.infer<typeof wearableStateSchema>>;
