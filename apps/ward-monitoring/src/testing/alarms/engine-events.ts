import type { AlarmAct, AlarmPriority } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { alarmConfigSchema } from '../../alarms/alarm-config.js';
import { applyInput } from '../../alarms/apply-input.js';
import type { Actor } from '../../alarms/engine-input.js';
import { initialState, type EngineState } from '../../alarms/engine-state.js';
import { createReferenceWard, referenceRules, type ReferenceCondition } from './reference-ward.js';

const beds = ['bed/01', 'bed/02'] as const;
const conditions = Object.keys(referenceRules) as ReferenceCondition[];
const people: readonly Actor[] = [
  { id: 'n1', role: 'nurse' },
  { id: 'n2', role: 'nurse' },
  { id: 'c1', role: 'charge-nurse' },
  { id: 'p1', role: 'physician' },
  { id: 'screen', role: 'wall' },
];
const chains = [[], ['n1'], ['n1', 'c1', 'p1'], ['n2', 'c1']] as const;
const roleOf = (id: string): Actor['role'] => people.find((person) => person.id === id)?.role ?? 'nurse';

export type EngineEvent =
  | {
      readonly do: 'sense';
      readonly bed: string;
      readonly condition: ReferenceCondition;
      readonly to: 'true' | 'false' | 'unknown';
      readonly priority?: AlarmPriority | undefined;
    }
  | {
      readonly do: 'act';
      readonly who: Actor;
      readonly act: AlarmAct['act'];
      readonly bed: string;
      readonly condition: ReferenceCondition | 'no-responsible-person';
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'roster'; readonly subject: string; readonly chain: readonly string[] };

const bed = fc.constantFrom(...beds);
export const engineEvent: fc.Arbitrary<EngineEvent> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('sense' as const),
      bed,
      condition: fc.constantFrom(...conditions),
      to: fc.constantFrom('true' as const, 'true' as const, 'true' as const, 'false' as const, 'unknown' as const),
      priority: fc.option(fc.constantFrom('PL' as const, 'PM' as const, 'PH' as const), { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      who: fc.constantFrom(...people),
      act: fc.constantFrom<AlarmAct['act'][]>(
        'acknowledge',
        'acknowledge',
        'accept',
        'reject',
        'escalate',
        'reset',
        'pause-audio',
        'shelve',
        'unshelve',
      ),
      bed,
      condition: fc.constantFrom(...conditions, 'no-responsible-person' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 4, 5, 14, 15, 59, 60, 61, 119, 120, 179, 180, 181, 599, 600),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('roster' as const),
      subject: fc.constantFrom(...beds, 'ward'),
      chain: fc.constantFrom(...chains),
    }),
  },
);

const config = alarmConfigSchema.parse({});

/** Drives engine and reference through the same events and compares them after each. @returns the first difference, in words */
export function compareWithReference(events: readonly EngineEvent[]): string | undefined {
  const reference = createReferenceWard();
  let state = initialState('j');
  for (const [i, event] of events.entries()) {
    let difference: string | undefined;
    [state, difference] = one(state, event, reference);
    difference ??= compare(state, reference) ?? brokenInvariant(state);
    if (difference !== undefined) return `after event ${i} ${JSON.stringify(event)}: ${difference}`;
  }
  return undefined;
}

type Reference = ReturnType<typeof createReferenceWard>;

function one(state: EngineState, event: EngineEvent, reference: Reference): [EngineState, string | undefined] {
  const atMs = reference.now() * 1_000;
  switch (event.do) {
    case 'wait': {
      reference.wait(event.seconds);
      return [applyInput(state, { kind: 'tick', atMs: reference.now() * 1_000 }, config).state, undefined];
    }
    case 'sense': {
      reference.sense(event.bed, event.condition, event.to, event.priority);
      const input = {
        kind: 'condition' as const,
        atMs,
        subject: event.bed,
        condition: event.condition,
        state: event.to,
        text: event.condition,
      };
      return [applyInput(state, { ...input, priority: event.priority }, config).state, undefined];
    }
    case 'roster': {
      reference.roster(event.subject, event.chain);
      const chain = event.chain.map((id) => ({ id, role: roleOf(id) }));
      return [applyInput(state, { kind: 'roster', atMs, subject: event.subject, chain }, config).state, undefined];
    }
    case 'act': {
      const key = `${event.bed} ${event.condition}`;
      const alarmId = state.alarms[key]?.alarm.alarmId ?? 'j-0';
      const act = actOf(event.act, alarmId, event.bed);
      const applied = applyInput(state, { kind: 'act', atMs, actor: event.who, act }, config);
      const done = !applied.transitions.some(({ kind }) => kind === 'refused');
      const options = event.act === 'shelve' ? { minutes: 20 } : { reason: 'seen' };
      const expected = reference.act(event.who.id, event.who.role, event.act, key, options);
      return [
        applied.state,
        done === expected ? undefined : `engine ${done ? 'did' : 'refused'} it, the reference did not`,
      ];
    }
    default:
      return event satisfies never;
  }
}

function actOf(act: AlarmAct['act'], alarmId: string, subject: string): AlarmAct {
  if (act === 'shelve') return { act, subject, why: 'procedure', minutes: 20, reason: 'dressing' };
  if (act === 'pause-audio') return { act, subject, seconds: 60 };
  if (act === 'unshelve') return { act, subject };
  return { act, alarmId, reason: 'seen' };
}

function compare(state: EngineState, reference: Reference): string | undefined {
  const ms = (seconds: number): number | undefined => (Number.isFinite(seconds) ? seconds * 1_000 : undefined);
  const ours = Object.entries(state.alarms).map(([key, { alarm, unowned, dueMs }]) => ({
    key,
    phase: alarm.phase,
    grade: alarm.priority,
    latching: alarm.latching,
    lost: alarm.signalLost,
    due: alarm.phase === 'pending' ? dueMs : undefined,
    ackUntil: alarm.acknowledged?.expiresMs,
    pausedUntil: alarm.audioPausedUntilMs,
    asked: alarm.responsibility,
    step: alarm.step,
    owner: alarm.owner ?? '',
    answerBy: alarm.nextEscalationMs,
    unowned,
    shelved: alarm.shelvedUntilMs !== undefined,
  }));
  const theirs = [...reference.alarms].map(([key, a]) => ({
    key,
    phase: a.phase,
    grade: a.grade,
    latching: a.latching,
    lost: a.lost,
    due: a.phase === 'pending' ? ms(a.due) : undefined,
    ackUntil: ms(a.ackUntil),
    pausedUntil: ms(a.pausedUntil),
    asked: a.asked,
    step: a.step,
    owner: a.owner,
    answerBy: ms(a.answerBy),
    unowned: a.unowned,
    shelved: a.shelved,
  }));
  const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
  const [left, right] = [JSON.stringify(ours.sort(byKey)), JSON.stringify(theirs.sort(byKey))];
  return left === right ? undefined : `\nengine    ${left}\nreference ${right}`;
}

/** What holds of every state: a high alarm calls, is owned, was just acknowledged or is shelved, and every state has an exit in time or act. */
export function brokenInvariant(state: EngineState): string | undefined {
  for (const { alarm, unowned, dueMs } of Object.values(state.alarms)) {
    const calls = alarm.phase === 'on' || alarm.phase === 'latched';
    if (alarm.phase === 'pending' && dueMs === undefined) return `${alarm.alarmId} waits for nothing`;
    if ((alarm.phase === 'acknowledged') !== (alarm.acknowledged !== undefined))
      return `${alarm.alarmId}: silence without an end`;
    if (alarm.responsibility === 'accepted' && alarm.owner === undefined) return `${alarm.alarmId} is taken by nobody`;
    const watched =
      alarm.nextEscalationMs !== undefined || alarm.owner !== undefined || alarm.shelvedUntilMs !== undefined;
    const handedOn = alarm.priority !== 'PL' && alarm.condition !== 'no-responsible-person';
    if (calls && handedOn && !watched && !unowned) return `${alarm.alarmId} calls and nobody is waited for`;
    if (unowned && state.alarms[`${alarm.subject} no-responsible-person`] === undefined)
      return `${alarm.alarmId} is lost`;
  }
  return undefined;
}
