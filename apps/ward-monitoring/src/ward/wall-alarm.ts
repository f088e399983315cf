import type { AlarmSnapshot } from '@edge-blueprints/contracts';

/** An alarm as everybody may see it: without what a person wrote, which may name the patient. The signed-in find it in the history. */
export function wallAlarm(alarm: AlarmSnapshot): AlarmSnapshot {
  if (alarm.acknowledged?.reason === undefined) return alarm;
  const { reason: _reason, ...acknowledged } = alarm.acknowledged;
  return { ...alarm, acknowledged };
}
