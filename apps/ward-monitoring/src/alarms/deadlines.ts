import { endFlood, floodEndMs } from './flood.js';
import { alarmsOf, isCalling, keyOf, put, tell, withAlarm, type AlarmRecord, type Step } from './engine-state.js';
import { ownersMissing, redirect, withDeadline } from './responsibility.js';
import { senseCondition, startAlarm } from './sense-condition.js';
import type { Actor } from './engine-input.js';

interface Deadline {
  readonly dueMs: number;
  /** Orders what falls due in the same millisecond. */
  readonly name: string;
  readonly meet: (step: Step, atMs: number) => void;
}

/** Brings about everything that is due by now, each at its own time: however seldom this is called, the state is the same. */
export function meetDeadlines(step: Step, nowMs: number): void {
  for (;;) {
    const next = earliest(step);
    if (next === undefined || next.dueMs > nowMs) return;
    const atMs = Math.max(next.dueMs, step.draft.atMs);
    step.draft.atMs = atMs;
    step.changed = true;
    next.meet(step, atMs);
  }
}

/** @returns the earliest deadline of a state, for its owner's timer */
export function earliestDueMs(step: Step): number | undefined {
  return earliest(step)?.dueMs;
}

/** Raises or ends "no responsible person" of a subject after whatever changed its alarms. */
export function settleOwners(step: Step, subject: string, atMs: number): void {
  const what = ownersMissing(step, subject);
  if (what === 'leave') return;
  const waiting = alarmsOf(step, subject).find(({ unowned }) => unowned);
  senseCondition(step, {
    kind: 'condition',
    atMs,
    subject,
    condition: 'no-responsible-person',
    state: what === 'raise' ? 'true' : 'false',
    text: `Nobody takes: ${waiting?.alarm.text ?? ''}`.slice(0, 200),
  });
}

/** Ends the shelving of a subject: what is still calling is announced, with a whole new time to answer. */
export function takeOffShelf(
  step: Step,
  subject: string,
  atMs: number,
  by: { readonly why: 'expired' } | { readonly why: 'by-hand'; readonly actor: Actor },
): void {
  const { [subject]: _gone, ...rest } = step.draft.shelves;
  step.draft.shelves = rest;
  step.changed = true;
  tell(step, { kind: 'unshelve', atMs, subject, ...by });
  for (const record of alarmsOf(step, subject)) {
    if (record.alarm.shelvedUntilMs === undefined) continue;
    const back = put(step, withDeadline(step, withAlarm(record, {}, ['shelvedUntilMs']), atMs));
    if (isCalling(back)) tell(step, { kind: 'reannounce', atMs, subject, alarm: back.alarm, why: 'unshelved' });
  }
}

function earliest(step: Step): Deadline | undefined {
  let first: Deadline | undefined;
  const offer = (dueMs: number | undefined, name: string, meet: Deadline['meet']): void => {
    if (dueMs === undefined) return;
    if (first !== undefined && (first.dueMs < dueMs || (first.dueMs === dueMs && first.name <= name))) return;
    first = { dueMs, name, meet };
  };
  for (const record of Object.values(step.draft.alarms)) {
    const { alarm } = record;
    const key = keyOf(alarm.subject, alarm.condition);
    if (alarm.phase === 'pending')
      offer(record.dueMs, `${key} 1`, (now, atMs) => {
        startAlarm(now, record, atMs);
        settleOwners(now, alarm.subject, atMs);
      });
    offer(alarm.acknowledged?.expiresMs, `${key} 2`, (now, atMs) => callAgainAfterAck(now, record, atMs));
    offer(alarm.audioPausedUntilMs, `${key} 3`, (now, atMs) => resumeAudio(now, record, atMs));
    offer(alarm.nextEscalationMs, `${key} 4`, (now, atMs) => {
      redirect(now, record, { atMs, why: 'no-answer' });
      settleOwners(now, alarm.subject, atMs);
    });
  }
  for (const [subject, shelf] of Object.entries(step.draft.shelves))
    offer(shelf.untilMs, `${subject} 5`, (now, atMs) => takeOffShelf(now, subject, atMs, { why: 'expired' }));
  offer(floodEndMs(step), 'flood', endFlood);
  return first;
}

function callAgainAfterAck(step: Step, record: AlarmRecord, atMs: number): void {
  const on = withAlarm(record, { phase: 'on' }, ['acknowledged']);
  const again = put(step, withDeadline(step, on, atMs));
  const { alarm } = again;
  tell(step, { kind: 'reannounce', atMs, subject: alarm.subject, alarm, why: 'acknowledgement-expired' });
}

function resumeAudio(step: Step, record: AlarmRecord, atMs: number): void {
  const { alarm } = put(step, withAlarm(record, {}, ['audioPausedUntilMs']));
  tell(step, { kind: 'resume', atMs, subject: alarm.subject, alarm });
}
