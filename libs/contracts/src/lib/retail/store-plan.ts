import { z } from 'zod';

/**
 * The floor of a store. Metres; origin at the left front corner, x to the right along the shop front, y into the store.
 * Angles in degrees, counter-clockwise from x. All thresholds of the measures are metres and seconds, never frames.
 */
const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and dashes, at most 32');
const title = z.string().min(1).max(60);
const coordinate = z.number().min(-50).max(500);

/** Metres on the floor. */
export const floorPointSchema = z.tuple([coordinate, coordinate]).readonly();
export type FloorPoint = Readonly<z.infer<typeof floorPointSchema>>;

/** Corners in order, either way round, the last joins the first. */
export const floorPolygonSchema = z.array(floorPointSchema).min(3).max(64).readonly();
export type FloorPolygon = Readonly<z.infer<typeof floorPolygonSchema>>;

export const fixtureKinds = ['wall', 'shelf', 'till', 'door', 'display', 'mirror'] as const;

/** Only drawn, and what the rendered store is built of; no measure looks at it. */
const fixtureSchema = z.strictObject({
  id: identifier,
  kind: z.enum(fixtureKinds),
  polygon: floorPolygonSchema,
  heightM: z.number().gt(0).max(10),
});

const zoneSchema = z.strictObject({ id: identifier, name: title, polygon: floorPolygonSchema });

/** Who walks from `from` to `to` has the side that `inside` names on that hand. A crossing towards it counts as in. */
const lineSchema = z.strictObject({
  id: identifier,
  name: title,
  from: floorPointSchema,
  to: floorPointSchema,
  inside: z.enum(['left', 'right']),
});

/** A queue is a chain that starts at the service point; its area bounds it, its staff area is never part of it. */
const queueSchema = z.strictObject({
  id: identifier,
  name: title,
  servicePoint: floorPointSchema,
  /** Where the second person stands, seen from the first, degrees. */
  directionDeg: z.number().min(-360).max(360),
  area: floorPolygonSchema,
});

export const storePlanSchema = z.strictObject({
  format: z.literal('edge-store-plan/1'),
  /** Rises with every edit; numbers carry the revision that produced them. */
  revision: z.int().min(1),
  name: title,
  widthM: z.number().gt(0).max(200),
  depthM: z.number().gt(0).max(200),
  fixtures: z.array(fixtureSchema).max(200).readonly(),
  zones: z.array(zoneSchema).max(32).readonly(),
  lines: z.array(lineSchema).max(16).readonly(),
  queues: z.array(queueSchema).max(16).readonly(),
  /** Where staff work: nobody in there is a customer. */
  staffAreas: z.array(floorPolygonSchema).max(16).readonly(),
  /** Mirrors, screens, posters: what is seen there is no person on this floor. */
  masks: z.array(floorPolygonSchema).max(16).readonly(),
});
export type StorePlan = Readonly<z.infer<typeof storePlanSchema>>;
export type StoreZone = StorePlan['zones'][number];
export type StoreLine = StorePlan['lines'][number];
export type StoreQueue = StorePlan['queues'][number];
export type StoreFixture = StorePlan['fixtures'][number];
