import { alarmConditions, alarmPriorities, type AlarmCondition } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { conditionTable, higherOf, rankOf, type ConditionRule } from './condition-table.js';

const minuteMs = 60_000;
const waitMs = z
  .int()
  .min(0)
  .max(10 * minuteMs);
const intervalMs = z
  .int()
  .min(5_000)
  .max(60 * minuteMs);

const conditionOverrideSchema = z.strictObject({
  delayMs: waitMs.optional(),
  /** May raise the priority of the table, never lower it. */
  priority: z.enum(alarmPriorities).optional(),
  /** May add latching, never take it away. */
  latching: z.literal(true).optional(),
});
const overridesSchema = z.partialRecord(z.enum(alarmConditions), conditionOverrideSchema);

/** Everything that changes what the alarm engine does. A change is an entry of the journal, so that old alarms replay by old rules. */
export const alarmConfigSchema = z
  .strictObject({
    /** Of the whole ward, over the table of conditions. */
    conditions: overridesSchema.default({}),
    /** Of one bed or device, over the ward's. */
    subjects: z.record(z.string().max(80), overridesSchema).default({}),
    escalation: z
      .strictObject({
        /** Waits from one person of the chain to the next; the last one repeats. PH: 60 s, then 60 s. PM: after 3 min, then at 5 min. */
        highMs: z.array(intervalMs).min(1).max(20).default([minuteMs, minuteMs]),
        mediumMs: z
          .array(intervalMs)
          .min(1)
          .max(20)
          .default([3 * minuteMs, 2 * minuteMs]),
      })
      .prefault({}),
    /** An acknowledgement ends after this while the condition is true: the alarm sounds again. */
    acknowledgedForMs: z
      .strictObject({
        high: intervalMs.default(3 * minuteMs),
        medium: intervalMs.default(10 * minuteMs),
        low: intervalMs.default(60 * minuteMs),
      })
      .prefault({}),
    shelving: z
      .strictObject({
        offWardMinutes: z.int().min(1).max(60).default(60),
        procedureMinutes: z.int().min(1).max(30).default(30),
      })
      .prefault({}),
    audioPauseSeconds: z.int().min(10).max(120).default(120),
    flood: z
      .strictObject({
        /** More than this many new alarms of the ward within the window: a group banner; PH stay single. */
        alarms: z.int().min(2).max(100).default(10),
        windowMs: z.int().min(1_000).max(minuteMs).default(10_000),
      })
      .prefault({}),
    /** What motion and the like may make of a delay at most. */
    longestDelayMs: waitMs.default(minuteMs),
    /** A changed text of an alarm is told at most this often. */
    updateEveryMs: z.int().min(1_000).default(30_000),
    /** A delay that a restart interrupted goes on if the gateway was away for less. */
    pendingKeptMs: z.int().min(0).default(30_000),
    /** Live alarms; beyond it new ones below PH become one `overload` alarm of the ward. */
    mostAlarms: z.int().min(10).max(20_000).default(5_000),
  })
  .readonly();
export type AlarmConfig = z.infer<typeof alarmConfigSchema>;

/** The rule of a condition for one subject: table, then ward, then subject. Safety goes one way: priority and latching only rise. */
export function ruleOf(config: AlarmConfig, subject: string, condition: AlarmCondition): ConditionRule {
  const base = conditionTable[condition];
  const layers = [config.conditions[condition], config.subjects[subject]?.[condition]];
  return layers.reduce<ConditionRule>((rule, layer) => {
    const priority = higherOf(rule.priority, layer?.priority);
    return {
      ...rule,
      priority,
      delayMs: layer?.delayMs ?? rule.delayMs,
      latching:
        rule.latching || layer?.latching === true || (rankOf(priority) > rankOf(base.priority) && priority === 'PH'),
    };
  }, base);
}
