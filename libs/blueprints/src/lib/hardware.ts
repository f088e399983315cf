import { z } from 'zod';
import { factSchema, idSchema, sourceFaults, sourceKeySchema, sourceSchema, unknownSchema } from './facts.js';

const words = z.string().min(1);
const watts = z.number().positive();

/** How a device gives up speed to heat: a slope down to the throttle point, or steps of its clock. */
const thermalSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('slope'),
      /** Junction temperature that the device holds by giving up power. */
      throttleCelsius: z.number(),
      shutdownCelsius: z.number().nullable(),
      /** Ambient at which the published speed holds. */
      ratedAmbientCelsius: z.number(),
      /** Speed over power: speed = (power / rated power) ^ exponent. */
      exponent: z.number().positive().max(1),
    })
    .refine((t) => t.ratedAmbientCelsius < t.throttleCelsius, {
      path: ['throttleCelsius'],
      message: 'must be above ratedAmbientCelsius',
    }),
  z
    .strictObject({
      kind: z.literal('steps'),
      /** Share of the full clock from a junction temperature on, in the order in which they are taken. */
      steps: z
        .array(z.strictObject({ fromCelsius: z.number(), clockShare: z.number().positive().max(1) }))
        .min(1)
        .readonly(),
      stopCelsius: z.number().nullable(),
    })
    .refine((t) => t.steps.every((s, i) => i === 0 || s.clockShare <= (t.steps[i - 1]?.clockShare ?? 1)), {
      path: ['steps'],
      message: 'must go down in clockShare',
    }),
]);

/** One measured or published speed. Never compare targets by TOPS: compare these. */
const speedSchema = z
  .strictObject({
    model: words,
    input: words,
    precision: z.enum(['fp32', 'fp16', 'bf16', 'int8']),
    device: words,
    runtime: words,
    /** Pictures at a time; null where nobody says. */
    batch: z.int().positive().nullable(),
    milliseconds: z.number().positive().optional(),
    perSecond: z.number().positive().optional(),
    /** 10^12 operations a second, where somebody measured these themselves. */
    teraOperations: z.number().positive().optional(),
    statistic: z.enum(['p50', 'mean', 'rate', 'not stated']),
    samples: z.int().positive().optional(),
    /** Operations of one inference, 10^9, a multiply-add counted as two; null where nobody says. */
    gigaOperations: z.number().positive().nullable(),
    operationsSource: sourceKeySchema.optional(),
    label: z.enum(['measured-here', 'published']),
    source: sourceKeySchema,
    /** The figure in a report of this repository; what is measured here needs it, and both must agree. */
    report: z.strictObject({ file: words, pointer: z.string().regex(/^(\/[^/]+)+$/) }).optional(),
    note: words.optional(),
  })
  .refine((s) => (s.label === 'measured-here') === (s.report !== undefined), {
    path: ['report'],
    message: 'goes with the label measured-here, and only with it',
  })
  .refine((s) => s.milliseconds === undefined || s.batch !== null, {
    path: ['batch'],
    message: 'must be known where milliseconds are given',
  })
  .refine((s) => [s.milliseconds, s.perSecond, s.teraOperations].filter((each) => each !== undefined).length === 1, {
    path: ['milliseconds'],
    message: 'give one of milliseconds, perSecond and teraOperations',
  })
  .refine((s) => (s.gigaOperations === null) === (s.operationsSource === undefined), {
    path: ['operationsSource'],
    message: 'goes with gigaOperations, and only with it',
  });
export type Speed = z.infer<typeof speedSchema>;

const imageSchema = z
  .strictObject({
    image: words,
    tag: words,
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .nullable(),
    digestReason: words.nullable(),
    holds: words,
  })
  .refine((c) => c.tag !== 'latest', { path: ['tag'], message: 'must be an exact tag' })
  .refine((c) => (c.digest === null) === (c.digestReason !== null), {
    path: ['digestReason'],
    message: 'must say why the digest is missing, and only then',
  });

/** Driver, runtime and model that work together, and none beside them. */
const lockstepSchema = z.strictObject({
  set: words,
  parts: z.array(z.strictObject({ part: words, version: words })).min(2),
  rule: words,
  source: sourceKeySchema,
});

/** `blueprints/targets/ID/hardware.json`: what the device is. What it runs, and how a model gets there, is target.json. */
export const hardwareSchema = z
  .strictObject({
    format: z.literal('edge-hardware/1'),
    id: idSchema,
    part: words,
    sources: z.record(sourceKeySchema, sourceSchema),
    tops: factSchema(z.strictObject({ marketed: z.number().positive(), basis: words })),
    speeds: z.array(speedSchema),
    precisions: factSchema(z.array(z.enum(['fp32', 'fp16', 'bf16', 'int8', 'int4'])).min(1)),
    power: factSchema(z.strictObject({ minWatts: watts, maxWatts: watts, of: words })),
    powerModes: factSchema(z.array(z.strictObject({ name: words, watts: watts.nullable() })).min(1)),
    price: factSchema(
      z.strictObject({
        currency: z.string().regex(/^[A-Z]{3}$/),
        low: z.number().nonnegative(),
        high: z.number().positive(),
        date: z.iso.date(),
        of: words,
      }),
    ),
    memory: factSchema(
      z.strictObject({
        gibibytes: z.number().positive(),
        gigabytesPerSecond: z.number().positive().nullable(),
        kind: z.enum(['shared with the processor', 'on the card', 'of the host']),
      }),
    ),
    /** Fast memory of the accelerator for weights; a larger model still runs, slower. */
    weightCache: factSchema(z.strictObject({ mebibytes: z.number().positive() })).optional(),
    thermal: factSchema(thermalSchema),
    /** Operators that are known to be refused; a route's list of accepted operators is in target.json. */
    cannotRun: z.union([
      z.array(
        z.strictObject({ operator: z.string().regex(/^[A-Z][A-Za-z0-9]*$/), why: words, source: sourceKeySchema }),
      ),
      unknownSchema,
    ]),
    baseImage: factSchema(imageSchema),
    lockstep: z.array(lockstepSchema).min(1),
    health: factSchema(z.strictObject({ reads: z.array(words).min(1), how: words })),
    secureBoot: factSchema(words),
    tpm: factSchema(words),
    availability: factSchema(
      z.strictObject({
        state: z.enum(['sold', 'legacy', 'end of life announced']),
        until: z.iso.date().nullable(),
        text: words,
      }),
    ),
  })
  .superRefine((hardware, context) => {
    const { sources, ...facts } = hardware;
    for (const message of sourceFaults(sources, facts))
      context.addIssue({ code: 'custom', path: ['sources'], message });
    for (const [field, low, high] of ranges(hardware)) {
      if (low > high) context.addIssue({ code: 'custom', path: [field], message: 'the low end is above the high end' });
    }
  });
export type Hardware = z.infer<typeof hardwareSchema>;

function ranges({ power, price }: { power: Hardware['power']; price: Hardware['price'] }) {
  const found: (readonly [string, number, number])[] = [];
  if ('value' in power) found.push(['power', power.value.minWatts, power.value.maxWatts]);
  if ('value' in price) found.push(['price', price.value.low, price.value.high]);
  return found;
}

export interface ReachedTops {
  readonly speed: Speed;
  readonly tops: number;
  /** Of the marketed figure; null where that is unknown. */
  readonly share: number | null;
}

/** Effective TOPS = operations of one inference times inferences a second, for every speed whose operations are known. */
export function reachedTops({ speeds, tops }: Pick<Hardware, 'speeds' | 'tops'>): readonly ReachedTops[] {
  return speeds.flatMap((speed) => {
    const rate = inferencesPerSecond(speed);
    const counted = rate === null || speed.gigaOperations === null ? undefined : (speed.gigaOperations * rate) / 1000;
    const reached = speed.teraOperations ?? counted;
    if (reached === undefined) return [];
    return [{ speed, tops: reached, share: 'value' in tops ? reached / tops.value.marketed : null }];
  });
}

/** Of the whole device, one after the other; a batch in `milliseconds` holds `batch` pictures. null: nobody says. */
export function inferencesPerSecond({ perSecond, milliseconds, batch }: Speed): number | null {
  if (perSecond !== undefined) return perSecond;
  return milliseconds === undefined ? null : (1000 * (batch ?? 1)) / milliseconds;
}

/**
 * Share of the rated speed that is left: (sustained power / rated power) ^ exponent, with power in proportion to the room
 * between ambient and throttle point; a sealed box adds its own rise. A steps device keeps its clock until the first step,
 * which depends on its heat sink: null, measure it.
 */
export function thermalShare(
  thermal: z.infer<typeof thermalSchema>,
  ambientCelsius: number,
  enclosureRiseCelsius: number,
): number | null {
  if (thermal.kind === 'steps') return null;
  const { throttleCelsius, ratedAmbientCelsius, exponent } = thermal;
  const room = throttleCelsius - ambientCelsius - enclosureRiseCelsius;
  return Math.min(1, Math.max(0, room / (throttleCelsius - ratedAmbientCelsius)) ** exponent);
}
