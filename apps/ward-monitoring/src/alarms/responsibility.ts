import type { Actor, RosterInput } from './engine-input.js';
import { alarmsOf, isCalling, keyOf, put, tell, withAlarm, type AlarmRecord, type Step } from './engine-state.js';

/** The bed's own chain, or that of the ward. */
export function chainOf(step: Step, subject: string): RosterInput['chain'] {
  return step.draft.rosters[subject] ?? step.draft.rosters['ward'] ?? [];
}

/** "Nobody takes it" cannot itself be handed on: it calls everybody until somebody takes the alarm behind it. */
const isHandedOn = ({ alarm }: AlarmRecord): boolean => alarm.condition !== 'no-responsible-person';

/** Somebody who has not heard of it must: what an acknowledgement silenced for the one before calls again. */
function callAgain(record: AlarmRecord): AlarmRecord {
  return record.alarm.phase === 'acknowledged' ? withAlarm(record, { phase: 'on' }, ['acknowledged']) : record;
}

/** Offers an alarm that begins to call to the first of the chain and sets the deadline of the answer. */
export function offerFirst(step: Step, record: AlarmRecord, fromMs: number): AlarmRecord {
  if (!isHandedOn(record)) return record;
  const named = chainOf(step, record.alarm.subject).length > 0;
  const responsibility = named ? 'offered' : 'undefined';
  const offered = withAlarm(callAgain(record), { responsibility, step: 0 }, ['owner']);
  return withDeadline(step, { ...offered, unowned: false }, fromMs);
}

/** Sets the deadline of the next person, or takes it away where nobody is waited for. */
export function withDeadline(step: Step, record: AlarmRecord, fromMs: number): AlarmRecord {
  const { alarm } = record;
  const waits = alarm.priority === 'PH' ? step.config.escalation.highMs : step.config.escalation.mediumMs;
  const waitMs = waits[Math.min(alarm.step, waits.length - 1)];
  const runs =
    isHandedOn(record) &&
    alarm.priority !== 'PL' &&
    isCalling(record) &&
    alarm.responsibility !== 'accepted' &&
    alarm.shelvedUntilMs === undefined &&
    !record.unowned &&
    waitMs !== undefined;
  return runs ? withAlarm(record, { nextEscalationMs: fromMs + waitMs }) : withAlarm(record, {}, ['nextEscalationMs']);
}

export interface Redirect {
  readonly atMs: number;
  readonly why: 'no-answer' | 'rejected' | 'escalated-by-hand' | 'handover';
  readonly actor?: Actor;
  readonly words?: string;
}

/** To the next of the chain. With nobody left the alarm is unowned, which is an alarm of its own. */
export function redirect(step: Step, before: AlarmRecord, { atMs, why, actor, words }: Redirect): AlarmRecord {
  const record = callAgain(before);
  const { subject } = record.alarm;
  const place = record.alarm.step + 1;
  const next = chainOf(step, subject)[place];
  const by = { ...(actor === undefined ? {} : { actor }), ...(words === undefined ? {} : { words }) };
  if (next === undefined) {
    const responsibility = why === 'rejected' ? 'rejected' : 'undefined';
    const unowned = { ...record, unowned: true };
    const left = put(step, withAlarm(unowned, { responsibility }, ['nextEscalationMs', 'owner']));
    tell(step, { kind: 'unowned', atMs, subject, alarm: left.alarm, why, ...by });
    return left;
  }
  const offered = withAlarm({ ...record, unowned: false }, { responsibility: 'offered', step: place }, ['owner']);
  const moved = put(step, withDeadline(step, offered, atMs));
  tell(step, { kind: 'redirect', atMs, subject, alarm: moved.alarm, why, facts: { to: next.id }, ...by });
  return moved;
}

/** A new chain of a bed or of the ward: who had nobody gets somebody, and what a person who left had taken is offered again. */
export function takeRoster(step: Step, { atMs, subject, chain }: RosterInput): void {
  const before = step.draft.rosters[subject];
  if (before !== undefined && isSame(before, chain)) return;
  const records = Object.values(step.draft.alarms);
  const left = new Map(records.map((record) => [record, chainOf(step, record.alarm.subject)]));
  step.draft.rosters = { ...step.draft.rosters, [subject]: chain };
  step.changed = true;
  tell(step, {
    kind: 'roster',
    atMs,
    subject,
    facts: {
      chain: chain
        .map(({ id }) => id)
        .join(' ')
        .slice(0, 200),
    },
  });
  for (const record of records) {
    const { alarm } = record;
    const now = chainOf(step, alarm.subject);
    const old = left.get(record) ?? [];
    if (isSame(now, old) || alarm.phase === 'pending' || record.closed || !isHandedOn(record)) continue;
    const wasIn = (chain: RosterInput['chain']): boolean => chain.some(({ id }) => id === alarm.owner);
    const ownerLeft = alarm.responsibility === 'accepted' && wasIn(old) && !wasIn(now);
    const offeredTo = old[alarm.step]?.id;
    const offeredLeft = alarm.responsibility === 'offered' && now[alarm.step]?.id !== offeredTo;
    if (!ownerLeft && !offeredLeft && !record.unowned && alarm.responsibility !== 'undefined') continue;
    const offered = put(step, offerFirst(step, record, atMs));
    if (offered.alarm.responsibility === 'offered')
      tell(step, {
        kind: 'redirect',
        atMs,
        subject: alarm.subject,
        alarm: offered.alarm,
        why: 'handover',
        facts: { to: now[0]?.id ?? '' },
      });
  }
}

const isSame = (a: RosterInput['chain'], b: RosterInput['chain']): boolean =>
  a.length === b.length && a.every(({ id, role }, i) => b[i]?.id === id && b[i].role === role);

/** @returns whether the alarm "no responsible person" of the subject has to be raised, ended or left */
export function ownersMissing(step: Step, subject: string): 'raise' | 'end' | 'leave' {
  const unowned = alarmsOf(step, subject).some((record) => record.unowned);
  const raised = step.draft.alarms[keyOf(subject, 'no-responsible-person')] !== undefined;
  if (unowned === raised) return 'leave';
  return unowned ? 'raise' : 'end';
}
