import { alarmActSchema, alarmConditions, alarmPriorities, wardRoles } from '@edge-blueprints/contracts';
import { z } from 'zod';

/** The gateway's journal clock: whole milliseconds, never back, carried on across restarts. */
const atMs = z.int().min(0);
/** `bed/07`, `device/w-0012`, `station/desk-1`, `ward`. Never a patient's name. */
const subject = z
  .string()
  .regex(/^(ward|(bed|device|station)\/[a-z0-9-]{1,40})$/, 'use ward, bed/07, device/w-0012 or station/desk-1');
const personId = z.string().min(1).max(64);
const facts = z.record(z.string().max(40), z.string().max(200)).readonly();

export const actorSchema = z
  .strictObject({ id: personId, role: z.enum(wardRoles), session: z.string().max(64).optional() })
  .readonly();
/** Who acts: the id of a person or a station, never a name. */
export type Actor = z.infer<typeof actorSchema>;

export const conditionInputSchema = z
  .strictObject({
    kind: z.literal('condition'),
    atMs,
    subject,
    condition: z.enum(alarmConditions),
    /** `unknown`: the signal is lost. An alarm stays, marked; one that waits for its delay is dropped as transient. */
    state: z.enum(['true', 'false', 'unknown']),
    /** First abnormal sample; the delay counts from it. */
    onsetMs: atMs.optional(),
    /** Raises the configured priority of the condition, never lowers it. */
    priority: z.enum(alarmPriorities).optional(),
    /** Lengthens the configured delay (motion), up to `longestDelayMs`; never shortens it. */
    delayMs: z.int().min(0).optional(),
    text: z.string().max(200),
    facts: facts.optional(),
  })
  .readonly();
export type ConditionInput = z.infer<typeof conditionInputSchema>;

export const actInputSchema = z
  .strictObject({ kind: z.literal('act'), atMs, actor: actorSchema, act: alarmActSchema })
  .readonly();
export type ActInput = z.infer<typeof actInputSchema>;

const tickInputSchema = z.strictObject({ kind: z.literal('tick'), atMs }).readonly();

export const rosterInputSchema = z
  .strictObject({
    kind: z.literal('roster'),
    atMs,
    /** The chain of `ward` serves every subject that has none of its own. */
    subject,
    /** Who answers, in this order: the patient's nurse first. */
    chain: z
      .array(z.strictObject({ id: personId, role: z.enum(wardRoles) }).readonly())
      .max(20)
      .readonly(),
  })
  .readonly();
export type RosterInput = z.infer<typeof rosterInputSchema>;

/** The gateway starts again. The clocks let the next start tell how long it was away. */
export const startInputSchema = z
  .strictObject({
    kind: z.literal('start'),
    atMs,
    boot: z.string().max(64),
    monotonicMs: z.int(),
    epochMs: z.int(),
    machineBoot: z.string().max(64),
  })
  .readonly();
export type StartInput = z.infer<typeof startInputSchema>;

export const engineInputSchema = z.discriminatedUnion('kind', [
  conditionInputSchema,
  actInputSchema,
  tickInputSchema,
  rosterInputSchema,
  startInputSchema,
]);
/** Everything that the alarm engine ever hears. Its state follows from the sequence of these and of its configurations. */
export type EngineInput = z.infer<typeof engineInputSchema>;
