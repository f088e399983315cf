import { z } from 'zod';

/**
 * How hard an event is held on to. `critical` (audit, alarms, gap records): one durable commit each, never evicted.
 * `business`: durable, evicted oldest first with a gap record. `metric`: committed in groups, evicted before business.
 */
export const deliveryClasses = ['critical', 'business', 'metric'] as const;
export type DeliveryClass = (typeof deliveryClasses)[number];

/** Bounds that both sides keep. A batch above `batchBytes` is refused by the broker and by the ingest. */
export const fleetLimits = { batchBytes: 262_144, eventBytes: 196_608, batchEvents: 500 } as const;

/** Random name of an outbox file (`epoch`) or of a process start (`boot`): 16 hex digits. */
export const runIdPattern = /^[0-9a-f]{16}$/;

const sequence = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const runId = z.string().regex(runIdPattern, 'is not 16 hex digits');
const time = z.iso.datetime();

/**
 * One event as CloudEvents 1.0 (JSON format). A batch is a JSON array of these (`application/cloudevents-batch+json`).
 * `id` is `{epoch}-{sequence}`, so that (source, id) is unique as the standard asks. Extension attributes:
 * `epoch`: the outbox file the number belongs to; numbers of one epoch are 1, 2, 3, ... without holes, and a wiped device
 * draws a new epoch. `boot`: the process start. `uptimems`: monotonic clock at the event, ms since the process start.
 * `sentuptimems` and `senttime`: both clocks when the batch left, which lets the hub correct a wrong wall clock.
 */
export const cloudEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().max(64),
  source: z.string().max(160),
  type: z.string().min(1).max(96),
  time,
  datacontenttype: z.literal('application/json'),
  epoch: runId,
  sequence,
  boot: runId,
  uptimems: z.int().nonnegative(),
  senttime: time,
  sentuptimems: z.int().nonnegative(),
  deliveryclass: z.enum(deliveryClasses),
  simulated: z.boolean(),
  data: z.unknown(),
});
export type FleetEvent = Readonly<z.infer<typeof cloudEventSchema>>;

/** Inclusive. */
export const rangeSchema = z.tuple([sequence, sequence]).refine(([from, to]) => from <= to, 'ends before it begins');
export type SequenceRange = readonly [from: number, to: number];

/** What the hub has committed, or will never take. Both may go from the outbox; a refused one leaves a gap record. */
export const acknowledgementSchema = z.strictObject({
  epoch: runId,
  accepted: z.array(rangeSchema).max(1_000),
  refused: z.array(z.strictObject({ sequence, code: z.string().max(64) })).max(1_000),
});
export type Acknowledgement = Readonly<z.infer<typeof acknowledgementSchema>>;

/** Retained birth, and the Last Will as death. A death of another boot than the last birth is ignored. */
export const deviceStatusSchema = z.strictObject({ online: z.boolean(), boot: runId, time });
export type DeviceStatus = Readonly<z.infer<typeof deviceStatusSchema>>;

/** @returns every problem, in words for a log, or the parsed message */
export function parseFleetJson<T>(
  schema: z.ZodType<T>,
  payload: Uint8Array,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string } {
  if (payload.byteLength > fleetLimits.batchBytes)
    return { ok: false, problem: `${payload.byteLength} bytes, more than ${fleetLimits.batchBytes}` };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (error) {
    return { ok: false, problem: `is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, problem: z.prettifyError(parsed.error) };
}
