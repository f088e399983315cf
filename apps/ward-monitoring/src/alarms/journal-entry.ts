import {
  alarmConditions,
  alarmPhases,
  alarmPriorities,
  alarmTypes,
  type AlarmSnapshot,
} from '@edge-blueprints/contracts';
import { z } from 'zod';
import { alarmConfigSchema } from './alarm-config.js';
import { actorSchema, engineInputSchema, rosterInputSchema, startInputSchema } from './engine-input.js';
import type { EngineState } from './engine-state.js';

const ms = z.int();

const snapshotSchema = z.strictObject({
  alarmId: z.string(),
  subject: z.string(),
  condition: z.enum(alarmConditions),
  type: z.enum(alarmTypes),
  priority: z.enum(alarmPriorities),
  phase: z.enum(alarmPhases),
  latching: z.boolean(),
  onsetMs: ms,
  conditionMs: ms.exactOptional(),
  endedMs: ms.exactOptional(),
  signalLost: z.boolean(),
  audioPausedUntilMs: ms.exactOptional(),
  shelvedUntilMs: ms.exactOptional(),
  acknowledged: z
    .strictObject({ by: z.string(), atMs: ms, expiresMs: ms, reason: z.string().exactOptional() })
    .exactOptional(),
  responsibility: z.enum(['undefined', 'offered', 'accepted', 'rejected']),
  step: z.int(),
  owner: z.string().exactOptional(),
  nextEscalationMs: ms.exactOptional(),
  text: z.string(),
}) satisfies z.ZodType<AlarmSnapshot>;

const stateSchema = z.strictObject({
  v: z.literal(1),
  journal: z.string(),
  atMs: ms,
  boot: z.string(),
  nextAlarm: z.int(),
  alarms: z.record(
    z.string(),
    z.strictObject({
      alarm: snapshotSchema,
      dueMs: ms.exactOptional(),
      toldMs: ms,
      unowned: z.boolean(),
      shelvable: z.boolean(),
      closed: z.boolean(),
    }),
  ),
  shelves: z.record(
    z.string(),
    z.strictObject({ by: z.string(), why: z.enum(['off-ward', 'procedure']), fromMs: ms, untilMs: ms }),
  ),
  rosters: z.record(z.string(), rosterInputSchema.unwrap().shape.chain),
  starts: z.array(ms).readonly(),
  flood: z.boolean(),
  crowded: z.boolean(),
  nextDueMs: ms.exactOptional(),
}) satisfies z.ZodType<EngineState>;

/** The journal was not written for a while; the state that follows is what the engine had in memory afterwards. */
const gapSchema = z.strictObject({ fromMs: ms, inputs: z.int(), why: z.string() });

export const journalEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ seq: z.int().min(0), kind: z.literal('input'), input: engineInputSchema }),
  z.strictObject({
    seq: z.int().min(0),
    kind: z.literal('config'),
    atMs: ms,
    actor: actorSchema.optional(),
    config: alarmConfigSchema,
  }),
  /** Begins every segment, and stands where inputs could not be written. */
  z.strictObject({
    seq: z.int().min(0),
    kind: z.literal('state'),
    state: stateSchema,
    config: alarmConfigSchema,
    lastStart: startInputSchema.optional(),
    gap: gapSchema.optional(),
  }),
  /** Everything below this number is in the trail. */
  z.strictObject({ seq: z.int().min(0), kind: z.literal('audited'), below: z.int().min(0) }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
/** An entry before the journal numbers it. */
export type JournalDraft = JournalEntry extends infer E ? (E extends unknown ? Omit<E, 'seq'> : never) : never;
