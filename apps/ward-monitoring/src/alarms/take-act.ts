import type { AlarmAct } from '@edge-blueprints/contracts';
import { mayAct } from './act-rights.js';
import type { Refusal } from './alarm-transition.js';
import { settleOwners, takeOffShelf } from './deadlines.js';
import type { Actor, ActInput } from './engine-input.js';
import { alarmsOf, isCalling, put, remove, tell, withAlarm, type AlarmRecord, type Step } from './engine-state.js';
import { chainOf, redirect } from './responsibility.js';

type OnAlarm = Extract<AlarmAct, { readonly alarmId: string }>;
type OnSubject = Exclude<AlarmAct, OnAlarm>;

/** What a person asks for: done, or a `refused` transition that says why not. */
export function takeAct(step: Step, input: ActInput): void {
  const { act, actor, atMs } = input;
  const record =
    'alarmId' in act ? Object.values(step.draft.alarms).find(({ alarm }) => alarm.alarmId === act.alarmId) : undefined;
  const subject = 'subject' in act ? act.subject : (record?.alarm.subject ?? 'ward');
  const refusal = mayAct(actor.role, act.act) ? perform(step, input, record) : 'not-permitted';
  if (refusal === undefined) settleOwners(step, subject, atMs);
  else
    tell(step, {
      kind: 'refused',
      atMs,
      subject,
      actor,
      act: act.act,
      refusal,
      why: refusal,
      ...(record === undefined ? {} : { alarm: record.alarm }),
    });
}

function perform(step: Step, { act, actor, atMs }: ActInput, record: AlarmRecord | undefined): Refusal | undefined {
  if (!('alarmId' in act)) return onSubject(step, act, actor, atMs);
  if (record === undefined) return 'no-such-alarm';
  if (record.alarm.phase === 'pending' || record.closed) return 'not-active';
  return onAlarm(step, act, actor, atMs, record);
}

function onAlarm(step: Step, act: OnAlarm, actor: Actor, atMs: number, record: AlarmRecord): Refusal | undefined {
  switch (act.act) {
    case 'acknowledge':
      return acknowledge(step, record, actor, atMs, act.reason);
    case 'accept':
      return accept(step, record, actor, atMs);
    case 'reject':
      return reject(step, record, actor, atMs, act.reason);
    case 'escalate':
      if (record.alarm.condition === 'no-responsible-person') return 'not-offered';
      redirect(step, record, { atMs, why: 'escalated-by-hand', actor, words: act.reason });
      return undefined;
    case 'reset':
      return reset(step, record, actor, atMs, act.reason);
    default:
      return act satisfies never;
  }
}

function onSubject(step: Step, act: OnSubject, actor: Actor, atMs: number): Refusal | undefined {
  switch (act.act) {
    case 'pause-audio':
      return pauseAudio(step, act, actor, atMs);
    case 'shelve':
      return shelve(step, act, actor, atMs);
    case 'unshelve':
      if (step.draft.shelves[act.subject] === undefined) return 'not-shelved';
      takeOffShelf(step, act.subject, atMs, { why: 'by-hand', actor });
      return undefined;
    default:
      return act satisfies never;
  }
}

const said = (words: string | undefined): { readonly words?: string } => (words === undefined ? {} : { words });

function acknowledge(
  step: Step,
  record: AlarmRecord,
  actor: Actor,
  atMs: number,
  reason: string | undefined,
): Refusal | undefined {
  const { alarm } = record;
  if (alarm.phase === 'acknowledged') return 'already-acknowledged';
  const answered = { ...record, unowned: false };
  if (alarm.phase === 'latched') {
    remove(step, record);
    const ended = withAlarm(answered, { phase: 'ended' }, ['nextEscalationMs']).alarm;
    tell(step, { kind: 'ack', atMs, subject: alarm.subject, alarm: ended, actor, ...said(reason) });
    tell(step, { kind: 'end', atMs, subject: alarm.subject, alarm: ended, actor, why: 'acknowledged-after-end' });
    return undefined;
  }
  const { high, medium, low } = step.config.acknowledgedForMs;
  const forMs = alarm.priority === 'PH' ? high : alarm.priority === 'PM' ? medium : low;
  const acknowledged = { by: actor.id, atMs, expiresMs: atMs + forMs, ...(reason === undefined ? {} : { reason }) };
  const next = withAlarm(answered, { phase: 'acknowledged', acknowledged }, ['nextEscalationMs', 'audioPausedUntilMs']);
  tell(step, { kind: 'ack', atMs, subject: alarm.subject, alarm: put(step, next).alarm, actor, ...said(reason) });
  return undefined;
}

function accept(step: Step, record: AlarmRecord, actor: Actor, atMs: number): Refusal | undefined {
  const { alarm } = record;
  if (alarm.responsibility === 'accepted') return 'already-accepted';
  // Whoever takes "nobody takes it" takes what nobody took.
  const taken =
    alarm.condition === 'no-responsible-person' ? alarmsOf(step, alarm.subject).filter((r) => r.unowned) : [record];
  for (const each of taken) {
    const owned = withAlarm({ ...each, unowned: false }, { responsibility: 'accepted', owner: actor.id }, [
      'nextEscalationMs',
    ]);
    tell(step, { kind: 'accept', atMs, subject: alarm.subject, alarm: put(step, owned).alarm, actor });
  }
  return undefined;
}

/** Only who was asked, or who took it, can refuse it. */
function reject(step: Step, record: AlarmRecord, actor: Actor, atMs: number, words: string): Refusal | undefined {
  const { alarm } = record;
  const asked = alarm.responsibility === 'offered' ? chainOf(step, alarm.subject)[alarm.step]?.id : alarm.owner;
  if (asked !== actor.id) return 'not-offered';
  tell(step, { kind: 'reject', atMs, subject: alarm.subject, alarm, actor, words });
  redirect(step, record, { atMs, why: 'rejected' });
  return undefined;
}

/**
 * Ends what is over but latched, and with a reason: an event, which has no end of its own; an alarm whose signal is lost; a model's
 * advisory, by a physician. Nothing else ends while its condition is true.
 */
function reset(
  step: Step,
  record: AlarmRecord,
  actor: Actor,
  atMs: number,
  reason: string | undefined,
): Refusal | undefined {
  const { alarm } = record;
  const closes = alarm.condition === 'model-advisory' && actor.role === 'physician';
  const isEvent = alarm.condition === 'fall' || alarm.condition === 'missed-during-outage';
  const isOver = alarm.phase === 'latched';
  if (!isOver && !alarm.signalLost && !closes && !isEvent) return 'still-active';
  if (!isOver && reason === undefined) return 'reason-needed';
  const ended = withAlarm({ ...record, unowned: false }, { phase: 'ended', endedMs: alarm.endedMs ?? atMs }, [
    'nextEscalationMs',
    'acknowledged',
    'audioPausedUntilMs',
  ]);
  // Without the record a condition that is still true would begin a new alarm at the next sample.
  if (closes && !isOver && !alarm.signalLost) put(step, { ...ended, closed: true });
  else remove(step, record);
  tell(step, { kind: 'reset', atMs, subject: alarm.subject, alarm: ended.alarm, actor, ...said(reason) });
  return undefined;
}

/** Pauses what sounds now. A new alarm of the same bed sounds. */
function pauseAudio(
  step: Step,
  { subject, seconds }: Extract<AlarmAct, { act: 'pause-audio' }>,
  actor: Actor,
  atMs: number,
): Refusal | undefined {
  if (seconds > step.config.audioPauseSeconds) return 'too-long';
  const sounding = alarmsOf(step, subject).filter(isCalling);
  if (sounding.length === 0) return 'nothing-to-pause';
  for (const record of sounding) {
    const { alarm } = put(step, withAlarm(record, { audioPausedUntilMs: atMs + seconds * 1_000 }));
    tell(step, { kind: 'pause', atMs, subject, alarm, actor });
  }
  return undefined;
}

/** Only a bed, only for a time. Alarms go on being found and shown; they are silent and nobody is called. */
function shelve(
  step: Step,
  { subject, why, minutes, reason }: Extract<AlarmAct, { act: 'shelve' }>,
  actor: Actor,
  atMs: number,
): Refusal | undefined {
  if (!subject.startsWith('bed/')) return 'not-shelvable';
  const { offWardMinutes, procedureMinutes } = step.config.shelving;
  if (minutes > (why === 'off-ward' ? offWardMinutes : procedureMinutes)) return 'too-long';
  if (step.draft.shelves[subject] !== undefined) return 'already-shelved';
  const untilMs = atMs + minutes * 60_000;
  step.draft.shelves = { ...step.draft.shelves, [subject]: { by: actor.id, why, fromMs: atMs, untilMs } };
  step.changed = true;
  for (const record of alarmsOf(step, subject)) {
    if (!record.shelvable || record.alarm.phase === 'pending' || record.closed) continue;
    put(step, withAlarm({ ...record, unowned: false }, { shelvedUntilMs: untilMs }, ['nextEscalationMs']));
  }
  tell(step, { kind: 'shelve', atMs, subject, actor, why, words: reason, facts: { untilMs: String(untilMs) } });
  return undefined;
}
