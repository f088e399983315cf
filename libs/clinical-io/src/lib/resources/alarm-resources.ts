import type { AlarmPhase, AlarmSnapshot } from '@edge-blueprints/contracts';
import { type FhirResource, instant, type Reference } from './fhir-elements.js';
import { deviceReference } from './device-tree.js';
import { resourceId } from './resource-id.js';
import { alarmCode, concept, flagPriority, local, localUrl, requestPriority, systems } from './terminology.js';
import {
  patientReference,
  period,
  roleReference,
  staffReference,
  wardReference,
  type WardPlace,
  type WardStay,
} from './ward-place.js';

/** An alarm and what the engine leaves to others: whose it is, and which wall time the journal's clock stands for. */
export interface ReportedAlarm {
  readonly place: WardPlace;
  readonly alarm: AlarmSnapshot;
  /** The stay in the bed when the alarm is about a patient. */
  readonly stay?: WardStay;
  /** The wearable when the alarm is about one. */
  readonly device?: string;
  /** Unix time minus journal time, milliseconds. */
  readonly wallOffsetMs: number;
  /** Journal time of this state. */
  readonly atMs: number;
}

const alarmIdentifier = (alarmId: string) => [{ system: localUrl('NamingSystem', 'alarm'), value: alarmId }];
const flagId = ({ place, alarm }: ReportedAlarm): string => resourceId('Flag', place.site, place.ward, alarm.alarmId);

/** The patient, or else the ward: a Flag of R4 cannot be about a device. */
const subjectOf = (reported: ReportedAlarm): Reference =>
  reported.stay === undefined ? wardReference(reported.place) : patientReference(reported.stay);

/** One Flag for each alarm, written again at each change of its state. */
export function alarmFlag(reported: ReportedAlarm): FhirResource {
  const { alarm, place, wallOffsetMs } = reported;
  return {
    resourceType: 'Flag',
    id: flagId(reported),
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/flag-priority',
        valueCodeableConcept: concept(flagPriority[alarm.priority]),
      },
      {
        url: localUrl('StructureDefinition', 'alarm-state'),
        extension: [
          { url: 'phase', valueCode: alarm.phase },
          { url: 'type', valueCode: alarm.type },
          { url: 'latching', valueBoolean: alarm.latching },
          { url: 'signalLost', valueBoolean: alarm.signalLost },
          { url: 'responsibility', valueCode: alarm.responsibility },
          { url: 'asOf', valueInstant: instant(reported.atMs + wallOffsetMs) },
          ...(alarm.acknowledged === undefined
            ? []
            : [
                { url: 'acknowledgedBy', valueString: alarm.acknowledged.by },
                { url: 'acknowledgedUntil', valueInstant: instant(alarm.acknowledged.expiresMs + wallOffsetMs) },
              ]),
          ...(alarm.audioPausedUntilMs === undefined
            ? []
            : [{ url: 'audioPausedUntil', valueInstant: instant(alarm.audioPausedUntilMs + wallOffsetMs) }]),
        ],
      },
    ],
    identifier: alarmIdentifier(alarm.alarmId),
    status: alarm.phase === 'ended' ? 'inactive' : 'active',
    category: [
      alarm.type === 'SP'
        ? concept({ system: systems.flagCategory, code: 'clinical', display: 'Clinical' })
        : concept({ system: systems.flagCategory, code: 'safety', display: 'Safety' }),
    ],
    code: { coding: alarmCode(alarm.condition), text: alarm.text },
    subject: subjectOf(reported),
    period: period(
      alarm.onsetMs + wallOffsetMs,
      alarm.endedMs === undefined ? undefined : alarm.endedMs + wallOffsetMs,
    ),
    ...(reported.device === undefined ? {} : { author: deviceReference({ ...place, device: reported.device }) }),
  };
}

/** One attempt to tell one recipient. `deliveredMs` is when the station had painted it. */
export interface AlarmNotification {
  readonly reported: ReportedAlarm;
  /** Offset of the event at the station, and the recipient: together they name the attempt. */
  readonly offset: number;
  readonly recipient:
    { readonly kind: 'role' | 'person'; readonly id: string } | { readonly kind: 'station'; readonly id: string };
  readonly sentMs: number;
  readonly deliveredMs?: number;
  readonly failed?: string;
}

/** Communication of one attempt: in progress until it is painted, stopped when it failed. Times are journal times. */
export function alarmCommunication(attempt: AlarmNotification): FhirResource {
  const { reported, recipient } = attempt;
  const { place, alarm, wallOffsetMs } = reported;
  return {
    resourceType: 'Communication',
    id: resourceId(
      'Communication',
      place.site,
      place.ward,
      alarm.alarmId,
      attempt.offset,
      recipient.kind,
      recipient.id,
    ),
    identifier: alarmIdentifier(alarm.alarmId),
    status: attempt.failed !== undefined ? 'stopped' : attempt.deliveredMs !== undefined ? 'completed' : 'in-progress',
    ...(attempt.failed === undefined ? {} : { statusReason: { text: attempt.failed } }),
    category: [concept(local('alarm-notification'))],
    priority: requestPriority[alarm.priority],
    ...(reported.stay === undefined ? {} : { subject: patientReference(reported.stay) }),
    about: [{ reference: `Flag/${flagId(reported)}` }],
    sent: instant(attempt.sentMs + wallOffsetMs),
    ...(attempt.deliveredMs === undefined ? {} : { received: instant(attempt.deliveredMs + wallOffsetMs) }),
    recipient: [recipientReference(recipient)],
    payload: [{ contentString: alarm.text }],
  };
}

function recipientReference({ kind, id }: AlarmNotification['recipient']): Reference {
  switch (kind) {
    case 'role':
      return roleReference(id);
    case 'person':
      return staffReference(id);
    case 'station':
      return { type: 'Device', identifier: { system: localUrl('NamingSystem', 'station'), value: id } };
    default:
      return kind satisfies never;
  }
}

/**
 * Who must act, as a Task: one for each step of the escalation, so that a refusal stays on record when the next one is asked.
 * @param offeredTo role of the step, while nobody has taken it
 */
export function alarmTask(reported: ReportedAlarm, offeredTo: string): FhirResource {
  const { alarm, place, wallOffsetMs } = reported;
  const owner = alarm.owner === undefined ? roleReference(offeredTo) : staffReference(alarm.owner, offeredTo);
  return {
    resourceType: 'Task',
    id: resourceId('Task', place.site, place.ward, alarm.alarmId, alarm.step),
    identifier: alarmIdentifier(alarm.alarmId),
    status: taskStatus(alarm.phase, alarm.responsibility),
    businessStatus: { text: `step ${alarm.step}, ${alarm.responsibility}` },
    intent: 'order',
    priority: requestPriority[alarm.priority],
    code: concept(local('respond-to-alarm', 'Respond to an alarm')),
    description: alarm.text,
    focus: { reference: `Flag/${flagId(reported)}` },
    for: subjectOf(reported),
    authoredOn: instant((alarm.conditionMs ?? alarm.onsetMs) + wallOffsetMs),
    lastModified: instant(Math.max(reported.atMs, alarm.conditionMs ?? alarm.onsetMs) + wallOffsetMs),
    owner,
    ...(alarm.nextEscalationMs === undefined
      ? {}
      : { restriction: { period: { end: instant(alarm.nextEscalationMs + wallOffsetMs) } } }),
  };
}

/** An alarm that ended with somebody responsible was seen to; one that nobody took was cancelled. */
function taskStatus(phase: AlarmPhase, responsibility: AlarmSnapshot['responsibility']): string {
  if (responsibility === 'rejected') return 'rejected';
  if (phase === 'ended') return responsibility === 'accepted' ? 'completed' : 'cancelled';
  return responsibility === 'accepted' ? 'accepted' : 'requested';
}
