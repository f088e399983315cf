import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { AlarmConfig } from './alarm-config.js';
import type { AlarmTransition } from './alarm-transition.js';
import { earliestDueMs, meetDeadlines, settleOwners } from './deadlines.js';
import type { EngineInput, StartInput } from './engine-input.js';
import { byKey, openStep, put, tell, withAlarm, type EngineState, type Step } from './engine-state.js';
import { takeRoster } from './responsibility.js';
import { drop, senseCondition, settleCrowd } from './sense-condition.js';
import { takeAct } from './take-act.js';

export interface Applied {
  /** The very same object when nothing changed. */
  readonly state: EngineState;
  readonly transitions: readonly AlarmTransition[];
}

/**
 * The alarm engine: one input, the next state, and what happened. Pure: no clock, no chance, no I/O. Deadlines up to the input's
 * time are met first, each at its own time. An input that seems to come from before the last one counts as coming now.
 */
export function applyInput(state: EngineState, input: EngineInput, config: AlarmConfig): Applied {
  const atMs = Math.max(input.atMs, state.atMs);
  const quiet = state.nextDueMs === undefined || state.nextDueMs > atMs;
  if (input.kind === 'tick' && quiet) return { state, transitions: [] };
  const step = openStep(state, config);
  if (input.kind === 'start') dropAfterOutage(step, state.atMs, atMs);
  meetDeadlines(step, atMs);
  take(step, { ...input, atMs });
  settleCrowd(step, atMs);
  if (!step.changed) return { state, transitions: step.transitions };
  const { nextDueMs: _before, ...draft } = { ...step.draft, atMs };
  const nextDueMs = earliestDueMs(step);
  return { state: nextDueMs === undefined ? draft : { ...draft, nextDueMs }, transitions: step.transitions };
}

function take(step: Step, input: EngineInput): void {
  switch (input.kind) {
    case 'condition':
      senseCondition(step, input);
      settleOwners(step, input.subject, input.atMs);
      return;
    case 'act':
      takeAct(step, input);
      return;
    case 'roster':
      takeRoster(step, input);
      for (const subject of new Set(Object.values(step.draft.alarms).map(({ alarm }) => alarm.subject)))
        settleOwners(step, subject, input.atMs);
      return;
    case 'start':
      start(step, input);
      return;
    case 'tick':
      return;
    default:
      input satisfies never;
  }
}

/** What waited for its delay when the gateway went away for long was seen too long ago to become an alarm by itself. */
function dropAfterOutage(step: Step, lastMs: number, atMs: number): void {
  if (atMs - lastMs <= step.config.pendingKeptMs) return;
  for (const record of Object.values(step.draft.alarms).sort(byKey))
    if (record.alarm.phase === 'pending') drop(step, record, atMs, 'outage');
}

/** These follow from the engine itself, or have no signal that could be lost. */
const withoutSignal: readonly AlarmCondition[] = [
  'no-responsible-person',
  'audit-failed',
  'overload',
  'fall',
  'missed-during-outage',
];

/**
 * Every live alarm that did not begin just now is announced once more, because nobody knows what the stations heard. What was true
 * before is last known abnormal until it is seen again.
 */
function start(step: Step, { atMs, boot }: StartInput): void {
  step.draft.boot = boot;
  step.changed = true;
  const fresh = new Set(
    step.transitions.flatMap(({ kind, alarm }) => (kind === 'start' && alarm ? [alarm.alarmId] : [])),
  );
  for (const record of Object.values(step.draft.alarms).sort(byKey)) {
    const { phase, alarmId, condition, subject } = record.alarm;
    if (record.closed || phase === 'pending') continue;
    const isUnseen = phase !== 'latched' && !withoutSignal.includes(condition);
    const { alarm } = isUnseen ? put(step, withAlarm(record, { signalLost: true })) : record;
    if (!fresh.has(alarmId)) tell(step, { kind: 'continue', atMs, subject, alarm, why: 'gateway-started' });
  }
}
