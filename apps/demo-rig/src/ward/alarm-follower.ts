import type { WardView } from '@edge-blueprints/contracts';
import type { WardAlarm } from '../report/ward-report.js';
import { alarmHistory, type WardPerson } from './ward-api.js';

const mostAlarms = 20_000;

export interface AlarmFollower {
  look(person: WardPerson, view: WardView): Promise<void>;
  /** Alarms that began since then, Unix time, oldest first. */
  since(fromMs: number): readonly WardAlarm[];
}

/** Every alarm that the ward's own history told of. The history is short: it is asked again and again. */
export function createAlarmFollower(): AlarmFollower {
  const known = new Map<string, WardAlarm>();
  return {
    async look(person, { at, nowMs }) {
      const toWallMs = Date.parse(at) - nowMs;
      for (const { alarm, endedAt } of await alarmHistory(person)) {
        if (!known.has(alarm.alarmId) && known.size >= mostAlarms) continue;
        const { subject: bed, condition, type, priority, onsetMs, conditionMs = onsetMs, endedMs } = alarm;
        const over = endedMs === undefined ? endedAt && Date.parse(endedAt) : endedMs + toWallMs;
        known.set(alarm.alarmId, {
          ...{ bed, condition, type, priority, startMs: conditionMs + toWallMs, waitedMs: conditionMs - onsetMs },
          ...(over === null ? {} : { endMs: Number(over) }),
        });
      }
    },
    since: (fromMs) =>
      [...known.values()].filter(({ startMs }) => startMs >= fromMs).sort((a, b) => a.startMs - b.startMs),
  };
}
