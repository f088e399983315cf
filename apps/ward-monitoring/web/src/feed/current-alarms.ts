import type { AlarmSnapshot, StationEvent } from '@edge-blueprints/contracts';

/** Alarms of the last view with the events that are newer than it laid over them: an event never waits for a view. */
export interface CurrentAlarms {
  readonly offset: number;
  readonly view: readonly AlarmSnapshot[];
  readonly newer: readonly StationEvent[];
}

export const noAlarms: CurrentAlarms = { offset: -1, view: [], newer: [] };
const mostNewer = 2_000;

export function withAlarmEvent(current: CurrentAlarms, event: StationEvent): CurrentAlarms {
  if (event.offset <= current.offset || current.newer.some(({ offset }) => offset === event.offset)) return current;
  const newer = [...current.newer, event].sort((a, b) => a.offset - b.offset).slice(-mostNewer);
  return { ...current, newer };
}

export function withAlarmView(current: CurrentAlarms, offset: number, alarms: readonly AlarmSnapshot[]): CurrentAlarms {
  return { offset, view: alarms, newer: current.newer.filter((event) => event.offset > offset) };
}

/** What is not ended, in the order in which it came. */
export function openAlarms({ view, newer }: CurrentAlarms): readonly AlarmSnapshot[] {
  const byId = new Map(view.map((alarm) => [alarm.alarmId, alarm]));
  for (const { alarm } of newer) byId.set(alarm.alarmId, alarm);
  return [...byId.values()].filter(({ phase }) => phase !== 'ended' && phase !== 'pending');
}
