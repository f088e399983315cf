import type { AlarmCondition, AlarmPriority } from '@edge-blueprints/contracts';
import { ruleOf } from './alarm-config.js';
import { higherOf, rankOf } from './condition-table.js';
import type { ConditionInput } from './engine-input.js';
import { keyOf, put, remove, tell, withAlarm, type AlarmRecord, type Step } from './engine-state.js';
import { noteStart } from './flood.js';
import { offerFirst, withDeadline } from './responsibility.js';

/** A condition was seen to be true, false, or cannot be seen any more. */
export function senseCondition(step: Step, input: ConditionInput): void {
  const record = step.draft.alarms[keyOf(input.subject, input.condition)];
  if (input.state === 'true') {
    if (record === undefined) begin(step, input);
    else if (record.alarm.phase === 'pending') persist(step, record, input);
    else if (!record.closed) goOn(step, record, input);
  } else if (record !== undefined) {
    if (record.closed) remove(step, record);
    else if (record.alarm.phase === 'pending')
      drop(step, record, input.atMs, input.state === 'false' ? 'over' : 'signal-lost');
    else if (record.alarm.phase !== 'latched') {
      if (input.state === 'false') finish(step, record, input.atMs);
      else loseSignal(step, record, input);
    }
  }
}

/** The waiting time is over: now it is an alarm. */
export function startAlarm(step: Step, record: AlarmRecord, atMs: number): void {
  const { dueMs = atMs, ...rest } = record;
  const shelf = step.draft.shelves[record.alarm.subject];
  const shelved = shelf !== undefined && record.shelvable ? { shelvedUntilMs: shelf.untilMs } : {};
  const on = withAlarm(rest, { phase: 'on', conditionMs: dueMs, ...shelved });
  const started = put(step, offerFirst(step, { ...on, toldMs: atMs }, atMs));
  const { alarm } = started;
  // Advice must not push alarms of rules into the group banner.
  if (alarm.condition !== 'model-advisory') noteStart(step, atMs);
  const grouped = step.draft.flood && alarm.priority !== 'PH' ? { grouped: true as const } : {};
  tell(step, { kind: 'start', atMs, subject: alarm.subject, alarm, ...grouped });
}

/** It was never an alarm: no sound, one entry of the trail. */
export function drop(step: Step, record: AlarmRecord, atMs: number, why: 'over' | 'signal-lost' | 'outage'): void {
  remove(step, record);
  const alarm = { ...record.alarm, phase: 'ended' as const, endedMs: atMs };
  tell(step, { kind: 'transient', atMs, subject: alarm.subject, alarm, why });
}

function begin(step: Step, input: ConditionInput): void {
  const { subject, condition, atMs } = input;
  const rule = ruleOf(step.config, subject, condition);
  const priority = priorityOf(condition, rule.priority, input.priority);
  const onsetMs = Math.min(input.onsetMs ?? atMs, atMs);
  const alarm = {
    alarmId: `${step.draft.journal}-${step.draft.nextAlarm}`,
    subject,
    condition,
    type: rule.type,
    priority,
    phase: 'pending' as const,
    latching: latchingOf(condition, rule.latching, priority),
    onsetMs,
    signalLost: false,
    responsibility: 'undefined' as const,
    step: 0,
    text: input.text,
  };
  if (isFull(step, 1) && priority !== 'PH' && condition !== 'overload') {
    crowd(step, atMs);
    return;
  }
  step.draft.nextAlarm += 1;
  const dueMs = onsetMs + delayOf(step, rule.delayMs, input);
  const common = { alarm, dueMs, toldMs: atMs, unowned: false, shelvable: rule.shelvable, closed: false };
  if (dueMs <= atMs) startAlarm(step, common, atMs);
  else tell(step, { kind: 'pending', atMs, subject, alarm: put(step, common).alarm });
}

function persist(step: Step, record: AlarmRecord, input: ConditionInput): void {
  const { subject, condition, atMs } = input;
  const rule = ruleOf(step.config, subject, condition);
  const priority = priorityOf(condition, rule.priority, input.priority);
  const onsetMs = Math.min(record.alarm.onsetMs, input.onsetMs ?? atMs);
  const dueMs = onsetMs + delayOf(step, rule.delayMs, input);
  const same =
    priority === record.alarm.priority &&
    onsetMs === record.alarm.onsetMs &&
    dueMs === record.dueMs &&
    input.text === record.alarm.text;
  if (same) return;
  const latching = latchingOf(condition, rule.latching, priority);
  const next = { ...withAlarm(record, { priority, onsetMs, latching, text: input.text }), dueMs };
  if (dueMs <= atMs) startAlarm(step, next, atMs);
  else put(step, next);
}

function goOn(step: Step, before: AlarmRecord, input: ConditionInput): void {
  const { subject, condition, atMs } = input;
  const { alarm } = before;
  const rule = ruleOf(step.config, subject, condition);
  const priority = priorityOf(condition, rule.priority, input.priority);
  const rises = rankOf(priority) > rankOf(alarm.priority);
  const again = alarm.phase === 'latched';
  const back = alarm.signalLost;
  const newText = input.text !== alarm.text && atMs - before.toldMs >= step.config.updateEveryMs;
  if (priority === alarm.priority && !again && !back && !newText) return;
  const common = {
    priority,
    latching: alarm.latching || latchingOf(condition, rule.latching, priority),
    signalLost: false,
    text: input.text,
  };
  // A higher priority is news that an earlier acknowledgement or pause did not cover.
  const raised = rises
    ? withAlarm(before, { ...common, phase: 'on' }, ['acknowledged', 'audioPausedUntilMs'])
    : undefined;
  const next =
    raised ?? (again ? withAlarm(before, { ...common, phase: 'on' }, ['endedMs']) : withAlarm(before, common));
  const timed = rises || priority !== alarm.priority ? withDeadline(step, next, atMs) : next;
  const told = put(step, { ...timed, toldMs: atMs }).alarm;
  const kind = rises ? 'escalate' : priority !== alarm.priority ? 'deescalate' : again ? 'reannounce' : 'update';
  const why =
    rises || priority !== alarm.priority ? 'priority' : again ? 'condition-again' : back ? 'signal-back' : 'values';
  tell(step, { kind, atMs, subject, alarm: told, why });
}

function finish(step: Step, record: AlarmRecord, atMs: number): void {
  const { alarm } = record;
  if (alarm.phase === 'on' && alarm.latching) {
    const latched = put(step, withAlarm(record, { phase: 'latched', signalLost: false, endedMs: atMs }));
    tell(step, { kind: 'latch', atMs, subject: alarm.subject, alarm: latched.alarm });
    return;
  }
  remove(step, record);
  const ended = withAlarm(record, { phase: 'ended', signalLost: false, endedMs: atMs }, ['nextEscalationMs']);
  tell(step, { kind: 'end', atMs, subject: alarm.subject, alarm: ended.alarm, why: 'condition-over' });
}

function loseSignal(step: Step, record: AlarmRecord, { atMs, subject }: ConditionInput): void {
  if (record.alarm.signalLost) return;
  const lost = put(step, withAlarm({ ...record, toldMs: atMs }, { signalLost: true }));
  tell(step, { kind: 'update', atMs, subject, alarm: lost.alarm, why: 'signal-lost' });
}

function delayOf(step: Step, configuredMs: number, { delayMs = 0 }: ConditionInput): number {
  return Math.max(configuredMs, Math.min(delayMs, step.config.longestDelayMs));
}

/** A model's advisory may rise by one step and no further; rules stand above it. */
function priorityOf(
  condition: AlarmCondition,
  configured: AlarmPriority,
  asked: AlarmPriority | undefined,
): AlarmPriority {
  const priority = higherOf(configured, asked);
  return condition === 'model-advisory' && priority === 'PH' ? 'PM' : priority;
}

function latchingOf(condition: AlarmCondition, configured: boolean, priority: AlarmPriority): boolean {
  return configured || (priority === 'PH' && condition !== 'no-responsible-person');
}

const isFull = (step: Step, share: number): boolean =>
  Object.values(step.draft.alarms).filter(({ alarm }) => alarm.condition !== 'model-advisory').length >=
  step.config.mostAlarms * share;

function crowd(step: Step, atMs: number): void {
  step.draft.crowded = true;
  step.changed = true;
  const text = `More than ${step.config.mostAlarms} alarms at once: new ones below high priority are not listed singly`;
  senseCondition(step, { kind: 'condition', atMs, subject: 'ward', condition: 'overload', state: 'true', text });
}

/** Ends the overload when there is room again. */
export function settleCrowd(step: Step, atMs: number): void {
  if (!step.draft.crowded || isFull(step, 0.9)) return;
  step.draft.crowded = false;
  step.changed = true;
  senseCondition(step, { kind: 'condition', atMs, subject: 'ward', condition: 'overload', state: 'false', text: '' });
}
