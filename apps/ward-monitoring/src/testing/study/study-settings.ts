import type { AlarmCondition } from '@edge-blueprints/contracts';
import { conditionTable } from '../../alarms/condition-table.js';
import { watchSettingsSchema } from '../../limits/limit-settings.js';
import type { StudySetting } from './study-gateway.js';

const limitConditions = [
  'spo2-low',
  'spo2-very-low',
  'pulse-low',
  'pulse-high',
  'respiration-low',
  'respiration-high',
] as const satisfies readonly AlarmCondition[];

export const asSet: StudySetting = { name: 'as set' };

/** Every wait of a limit so many times as long; 0 sounds at the first sample beyond it. */
export function withDelays(times: number): StudySetting {
  const { noticeMs, forgivenMs, movingDelayMs, movingUrgentDelayMs } = watchSettingsSchema.parse({});
  const most = (ms: number, limitMs: number): number => Math.min(Math.round(ms * times), limitMs);
  return {
    name: times === 0 ? 'without delays' : `delays x ${times}`,
    alarms: {
      conditions: Object.fromEntries(
        limitConditions.map((name) => [name, { delayMs: most(conditionTable[name].delayMs, 600_000) }]),
      ),
      longestDelayMs: most(60_000, 600_000),
    },
    watch: {
      watch: {
        noticeMs: most(noticeMs, noticeMs),
        forgivenMs: most(forgivenMs, forgivenMs),
        movingDelayMs: most(movingDelayMs, 60_000),
        movingUrgentDelayMs: most(movingUrgentDelayMs, 60_000),
      },
    },
  };
}

/** Nothing waits and nothing is smoothed: every sample is scored by itself, and what is over is over at once. */
export const bare: StudySetting = {
  name: 'nothing smoothed',
  alarms: withDelays(0).alarms,
  observations: { windowMs: 0 },
  watch: {
    watch: { noticeMs: 0, forgivenMs: 0, movingDelayMs: 0, movingUrgentDelayMs: 0, clearAfterMs: 0 },
    news2: {
      lowerAfterMs: 0,
      lowAfterMs: 0,
      redAfterMs: 0,
      walkedMs: 0,
      movingRiseAfterMs: 0,
      toldRiseAfterMs: 0,
      answeredMs: 0,
    },
  },
};
