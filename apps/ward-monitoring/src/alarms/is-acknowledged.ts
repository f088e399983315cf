import type { AlarmCondition, AlarmSnapshot } from '@edge-blueprints/contracts';

/** Somebody answered this alarm, the answer still counts, and its condition is not over. */
export function isAcknowledged(alarms: readonly AlarmSnapshot[], subject: string, condition: AlarmCondition): boolean {
  return alarms.some((one) => one.subject === subject && one.condition === condition && one.phase === 'acknowledged');
}
