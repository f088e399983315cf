import { fleetIdPattern } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { storyNames } from './patient/story.js';

const name = z.string().regex(fleetIdPattern, 'a name of a-z, 0-9 and -');
const switchWord = z.enum(['on', 'off']);

export const wardOptionsSchema = z.strictObject({
  broker: z
    .string('the address of the broker is needed')
    .regex(/^mqtts?:\/\/[^/@]+:\d+$/, 'mqtt://HOST:PORT, or mqtts://HOST:PORT with --tls'),
  site: name.default('site-01'),
  ward: name.default('ward-a'),
  patients: z.coerce.number().int().min(1).max(2_000).default(12),
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  speed: z.coerce.number().min(0.1).max(3_600).default(1),
  startHour: z.coerce.number().min(0).max(24).default(9),
  /** Samples a second of pulse and SpO2 of each patient. */
  rate: z.coerce.number().min(0.1).max(4).default(1),
  respirationSeconds: z.coerce.number().int().min(0).max(60).default(1),
  hz: z.coerce
    .number()
    .int()
    .refine((hz) => hz === 0 || (hz >= 10 && hz <= 100), '0, or 10 to 100')
    .default(25),
  replayPerSecond: z.coerce.number().min(1).max(1_000).default(20),
  stories: z.string().max(4_000).default('usual'),
  tls: z.string().min(1).optional(),
  radio: switchWord.default('on'),
  measured: switchWord.default('off'),
  icu: z.string().min(1).optional(),
  pulse: z.string().min(1).optional(),
  truth: z.string().min(1).optional(),
  reportMs: z.coerce.number().int().min(100).max(600_000).default(5_000),
});
export type WardOptions = z.infer<typeof wardOptionsSchema>;

export const wardFaultNames = ['link-cut', 'link-silent', 'duplicate', 'reorder', 'stuck', 'clock-jump'] as const;
export type WardFault = (typeof wardFaultNames)[number];

/** Numbers of patients, or all of them. */
const patients = z.union([z.array(z.int().min(1).max(2_000)).min(1).max(2_000), z.literal('all')]);
const seconds = z.number().min(0).max(86_400).optional();

export const wardCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('story'),
    name: z.enum(storyNames),
    patients,
    riseS: seconds,
    holdS: seconds,
    fallS: seconds,
    height: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({ command: z.literal('mend'), patients }),
  z.strictObject({
    command: z.literal('fault'),
    name: z.enum(wardFaultNames),
    patients: patients.default('all'),
    on: z.boolean(),
    /** Of clock-jump. */
    jumpMs: z
      .int()
      .min(-366 * 86_400_000)
      .max(366 * 86_400_000)
      .default(3_600_000),
  }),
  z.strictObject({ command: z.literal('malformed'), patients }),
  z.strictObject({ command: z.literal('hostile'), patients }),
  z.strictObject({ command: z.literal('reboot'), patients }),
  z.strictObject({ command: z.literal('measure'), patients }),
  z.strictObject({ command: z.literal('moment') }),
  z.strictObject({ command: z.literal('truth'), sinceMs: z.number().default(0) }),
  z.strictObject({ command: z.literal('report'), perPatient: z.boolean().default(false) }),
]);
export type WardCommand = z.infer<typeof wardCommandSchema>;
