import type { AlarmCondition, AlarmSnapshot } from '@edge-blueprints/contracts';
import type { AlarmConfig } from './alarm-config.js';
import type { AlarmTransition } from './alarm-transition.js';
import type { RosterInput } from './engine-input.js';

/** One live alarm and what only the engine needs to know of it. */
export interface AlarmRecord {
  readonly alarm: AlarmSnapshot;
  /** While it is pending: when it becomes an alarm. */
  readonly dueMs?: number;
  /** When its text was last told. */
  readonly toldMs: number;
  /** Everybody of the chain was asked and nobody took it. */
  readonly unowned: boolean;
  readonly shelvable: boolean;
  /** A person ended it while its condition was true: it starts again only after the condition was false. */
  readonly closed: boolean;
}

export interface Shelf {
  readonly by: string;
  readonly why: 'off-ward' | 'procedure';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Plain data: its canonical JSON is the state, bit for bit. */
export interface EngineState {
  readonly v: 1;
  /** Begins every alarm's id, so that ids of a replaced journal never meet. */
  readonly journal: string;
  /** Journal clock of the last input that changed anything. */
  readonly atMs: number;
  readonly boot: string;
  readonly nextAlarm: number;
  /** By `subject condition`. */
  readonly alarms: Readonly<Record<string, AlarmRecord>>;
  readonly shelves: Readonly<Record<string, Shelf>>;
  readonly rosters: Readonly<Record<string, RosterInput['chain']>>;
  /** Times of the newest new alarms, one more than a flood needs. */
  readonly starts: readonly number[];
  readonly flood: boolean;
  /** New alarms below high priority are not taken singly, because there are too many. */
  readonly crowded: boolean;
  /** Earliest deadline; absent when none runs. */
  readonly nextDueMs?: number;
}

export function initialState(journal: string): EngineState {
  return {
    v: 1,
    journal,
    atMs: 0,
    boot: '',
    nextAlarm: 1,
    alarms: {},
    shelves: {},
    rosters: {},
    starts: [],
    flood: false,
    crowded: false,
  };
}

export const keyOf = (subject: string, condition: AlarmCondition): string => `${subject} ${condition}`;

type Draft = { -readonly [K in keyof EngineState]: EngineState[K] };

/** One input under way: a shallow copy of the state that is written, and what happened. */
export interface Step {
  readonly config: AlarmConfig;
  readonly draft: Draft;
  readonly transitions: AlarmTransition[];
  changed: boolean;
}

export function openStep(state: EngineState, config: AlarmConfig): Step {
  return { config, draft: { ...state }, transitions: [], changed: false };
}

export function put(step: Step, record: AlarmRecord): AlarmRecord {
  const { subject, condition } = record.alarm;
  step.draft.alarms = { ...step.draft.alarms, [keyOf(subject, condition)]: record };
  step.changed = true;
  return record;
}

export function remove(step: Step, { alarm }: AlarmRecord): void {
  const { [keyOf(alarm.subject, alarm.condition)]: _gone, ...rest } = step.draft.alarms;
  step.draft.alarms = rest;
  step.changed = true;
}

type Clearable = 'acknowledged' | 'audioPausedUntilMs' | 'shelvedUntilMs' | 'owner' | 'nextEscalationMs' | 'endedMs';

/** Changes the snapshot of a record and takes out what is over, so that equal states are equal bit for bit. */
export function withAlarm(
  record: AlarmRecord,
  change: Partial<AlarmSnapshot>,
  over: readonly Clearable[] = [],
): AlarmRecord {
  const alarm: { -readonly [K in keyof AlarmSnapshot]: AlarmSnapshot[K] } = { ...record.alarm, ...change };
  for (const name of over) delete alarm[name];
  return { ...record, alarm };
}

export function tell(step: Step, transition: AlarmTransition): void {
  step.transitions.push(transition);
}

export function alarmsOf(step: Step, subject: string): readonly AlarmRecord[] {
  return Object.values(step.draft.alarms)
    .filter(({ alarm }) => alarm.subject === subject)
    .sort(byKey);
}

export const byKey = (a: AlarmRecord, b: AlarmRecord): number => {
  const [left, right] = [keyOf(a.alarm.subject, a.alarm.condition), keyOf(b.alarm.subject, b.alarm.condition)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Sounding or waiting to be seen: the condition is true or was, and nobody has answered. */
export const isCalling = ({ alarm }: AlarmRecord): boolean => alarm.phase === 'on' || alarm.phase === 'latched';
