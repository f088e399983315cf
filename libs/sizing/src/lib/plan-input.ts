import { z } from 'zod';
import { sourcedSchema } from './sourced.js';
import { enclosures } from './thermal.js';

const words = z.string().trim().min(1);
const idSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case letters, digits and single hyphens');
const price = sourcedSchema.optional();
const positive = sourcedSchema.refine(({ value, low = value }) => low > 0, 'must be above 0');

const countrySchema = z.strictObject({
  id: idSchema,
  name: words,
  /** A kilowatt-hour. */
  energy: price,
  /** One visit of a technician, with travel. */
  visit: price,
  /** Work to install one station. */
  install: price,
  /** A site's link a month, as it is. */
  link: price,
  /** One more Mbit/s on it, a month: what a cloud needs. */
  extraMegabit: price,
  /** Days from an order to a device in the depot of this country. */
  leadTime: sourcedSchema,
});

const siteSchema = z.strictObject({
  id: idSchema,
  name: words,
  country: idSchema,
  stations: z.int().positive().max(100_000),
  /** Of the hot season, where the boxes hang: not the yearly mean. */
  ambientCelsius: z.number().min(-40).max(80),
  enclosure: z.enum(enclosures),
  linkMegabits: z.number().positive(),
});

const modelSchema = z.strictObject({
  name: words,
  /** Width x height of the network's input. */
  input: z.string().regex(/^\d+x\d+(x\d+)?$/, 'write it like 640x640'),
  precision: z.enum(['fp32', 'fp16', 'bf16', 'int8']),
  /** Operations of one inference, 10^9, a multiply-add counted as two. */
  gigaOperations: positive.optional(),
  /** Networks whose published speeds you accept in its place, by their names; scaled by operations where both are known. */
  standIns: z.array(words).default([]),
});

const workloadSchema = z.strictObject({
  picturesPerSecond: z.number().positive().max(1000),
  width: z.int().positive().max(20_000),
  height: z.int().positive().max(20_000),
  camerasPerStation: z.int().positive().max(64),
  hoursPerDay: z.number().positive().max(24),
  daysPerYear: z.number().positive().max(366),
  /** Exposure to decision, 99th percentile. */
  deadlineMs: z.number().positive(),
  pipeline: z.enum(['serial', 'pipelined']),
  environment: z.enum(['office', 'fixed', 'mobile']),
  /** What the pictures show, the strictest that applies. */
  shows: z.enum(['nothing protected', 'trade secrets', 'people', 'patients']),
  /** How long the work may stand still when the site's link is down. */
  outageToleratedMinutes: z.number().nonnegative(),
  model: modelSchema,
});

const optionSchema = z.strictObject({
  target: idSchema,
  /** Complete device at the station or node: box, carrier, storage, power supply. */
  price,
  /** Processor cores for pictures. */
  cores: z.int().positive().max(512),
  /** At the device's input, under this load. */
  watts: positive.optional(),
  mtbfHours: positive.optional(),
  lifeYears: positive.optional(),
  /** Your own measurement of the model on this device: milliseconds a picture. */
  pictureMs: positive.optional(),
  lastSale: z.strictObject({ date: z.iso.date(), source: words }).optional(),
});

const pricesSchema = z.strictObject({
  engineeringDay: price,
  /** Camera, light, mounting, cable: one station, the same at the edge and with a cloud. */
  stationMaterial: price,
  /** What a station has when it does not infer itself (fog, cloud). */
  gateway: price,
  label: price,
  /** Fleet hub with its storage, a month. */
  hub: price,
});

const cloudSchema = z.strictObject({
  /** One inference server, an hour. */
  serverHour: price,
  /** Pictures a second of this model that one server keeps up. */
  serverPicturesPerSecond: positive,
  /** A gigabyte kept for a month. */
  gigabyteMonth: price,
});

export const planInputSchema = z.strictObject({
  format: z.literal('edge-plan/1'),
  title: words,
  client: words,
  /** Day of the plan; prices are old or not against it. */
  date: z.iso.date(),
  /** First working day of the project. */
  start: z.iso.date(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'a three-letter code such as EUR; convert all prices to it'),
  blueprint: idSchema,
  years: z.int().min(1).max(15),
  pattern: z.enum(['on-device', 'fog', 'hybrid']),
  countries: z.array(countrySchema).min(1),
  sites: z.array(siteSchema).min(1).max(2000),
  workload: workloadSchema,
  options: z.array(optionSchema).min(1),
  /** Target to plan with; the cheapest that fits unless told. */
  choice: idSchema.optional(),
  prices: pricesSchema,
  cloud: cloudSchema,
  /** Own values for assumptions, by key. */
  assumptions: z.record(z.string(), sourcedSchema).default({}),
});

export type PlanInput = z.infer<typeof planInputSchema>;
export type Site = PlanInput['sites'][number];
export type Country = PlanInput['countries'][number];
export type HardwareOption = PlanInput['options'][number];
export type Workload = PlanInput['workload'];
