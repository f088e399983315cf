import {
  alarmCommunication,
  alarmFlag,
  alarmTask,
  type FhirResource,
  type ReportedAlarm,
} from '@edge-blueprints/clinical-io';
import type { AlarmSnapshot, StationEvent } from '@edge-blueprints/contracts';
import type { AlarmTransition, TransitionKind } from '../alarms/alarm-transition.js';
import { type RecordedWard, stayOf } from './recorded-ward.js';

/** One event on one station: painted at a journal time, or not. */
export interface StationDelivery {
  readonly event: StationEvent;
  readonly station: string;
  readonly paintedMs?: number;
  readonly failed?: string;
}

export interface AlarmReports {
  /** Flag and Task of a transition. @param wallOffsetMs Unix time minus journal time */
  changed(transition: AlarmTransition, wallOffsetMs: number): readonly FhirResource[];
  /** Communication of one attempt to tell a station. */
  told(delivery: StationDelivery, wallOffsetMs: number): FhirResource;
}

/** Said again, refused, or never an alarm: nothing of the alarm is new. */
const silent: ReadonlySet<TransitionKind> = new Set(['pending', 'transient', 'continue', 'refused']);

interface Known {
  readonly reported: ReportedAlarm;
  readonly role: string;
}

/**
 * Alarms as Flag, Task and Communication. The stay that an alarm began in stays its own, whoever lies in the bed when it ends.
 * @param most alarms that are remembered; the oldest are forgotten first
 */
export function createAlarmReports(ward: RecordedWard, most = 5_000): AlarmReports {
  const known = new Map<string, Known>();
  const place = { site: ward.site, ward: ward.ward };

  const report = (alarm: AlarmSnapshot, atMs: number, wallOffsetMs: number): ReportedAlarm => {
    const before = known.get(alarm.alarmId)?.reported;
    const stay = before === undefined ? stayAtOnset(alarm) : before.stay;
    const device = alarm.subject.startsWith('device/') ? alarm.subject.slice('device/'.length) : undefined;
    return {
      place,
      alarm,
      wallOffsetMs,
      atMs,
      ...(stay === undefined ? {} : { stay }),
      ...(device === undefined ? {} : { device }),
    };
  };
  const stayAtOnset = ({ subject, onsetMs }: AlarmSnapshot) => {
    const since = ward.patientSince(subject);
    // An alarm that is older than the patient is about somebody else.
    return since === undefined || since > onsetMs ? undefined : stayOf(ward, subject);
  };

  return {
    changed({ kind, alarm, atMs, why }, wallOffsetMs) {
      if (alarm === undefined || alarm.phase === 'pending' || silent.has(kind)) return [];
      const before = known.get(alarm.alarmId);
      const reported = report(alarm, atMs, wallOffsetMs);
      const role = ward.chainOf(alarm.subject)[alarm.step]?.role ?? before?.role ?? 'nurse';
      known.delete(alarm.alarmId);
      known.set(alarm.alarmId, { reported, role });
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      const open = alarm.responsibility !== 'undefined' || kind === 'unowned' || kind === 'end';
      return [
        alarmFlag(reported),
        ...(before !== undefined && before.reported.alarm.step !== alarm.step
          ? [passedOn(before, why === 'rejected', atMs)]
          : []),
        ...(open ? [alarmTask(reported, role)] : []),
      ];
    },
    told({ event, station, paintedMs, failed }, wallOffsetMs) {
      return alarmCommunication({
        reported: report(event.alarm, event.sentMs, wallOffsetMs),
        offset: event.offset,
        recipient: { kind: 'station', id: station },
        sentMs: event.sentMs,
        ...(paintedMs === undefined ? {} : { deliveredMs: paintedMs }),
        ...(failed === undefined ? {} : { failed }),
      });
    },
  };
}

/** The Task of a step that was left: rejected, or cancelled because nobody answered. */
function passedOn({ reported, role }: Known, rejected: boolean, atMs: number): FhirResource {
  const { nextEscalationMs: _deadline, owner: _owner, ...alarm } = reported.alarm;
  return alarmTask(
    {
      ...reported,
      atMs,
      alarm: rejected
        ? { ...alarm, responsibility: 'rejected' }
        : { ...alarm, phase: 'ended', responsibility: 'offered' },
    },
    role,
  );
}
