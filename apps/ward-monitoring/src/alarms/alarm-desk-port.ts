import type { AlarmAct, AlarmSnapshot, AuditTrail } from '@edge-blueprints/contracts';
import type { AlarmConfig } from './alarm-config.js';
import type { AlarmJournal } from './alarm-journal.js';
import type { AlarmTransition } from './alarm-transition.js';
import type { Actor, ConditionInput, RosterInput, StartInput } from './engine-input.js';
import type { EngineState, Shelf } from './engine-state.js';
import type { ActRefusal } from './refusal-words.js';

export interface AlarmDeskOptions {
  readonly journal: AlarmJournal;
  readonly audit: AuditTrail;
  /** Hears every transition once it is recorded, or at once while nothing can be recorded. Must not throw or wait. */
  readonly publish: (transitions: readonly AlarmTransition[]) => void;
  /** The journal clock (`continueJournalClock`). */
  readonly now: () => number;
  readonly start: Pick<StartInput, 'boot' | 'monotonicMs' | 'epochMs' | 'machineBoot'>;
  /** Of the gateway's file; another one than the journal's becomes an entry. */
  readonly config?: AlarmConfig;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Alarms wait for the record for so long, then they go out without. Time in which the process itself stands still hardly counts. */
  readonly recordDeadlineMs?: number;
  readonly retryEveryMs?: number;
  /** Live alarms are sent again this often, for stations that missed something. */
  readonly continueEveryMs?: number;
  /** Inputs that wait for the disk; more are dropped, counted, and an alarm of the ward. */
  readonly mostQueued?: number;
}

export type ActResult =
  | { readonly outcome: 'done'; readonly transitions: readonly AlarmTransition[] }
  | { readonly outcome: 'refused'; readonly why: ActRefusal; readonly message: string; readonly alarm?: AlarmSnapshot };

export interface AlarmDeskView {
  readonly alarms: readonly AlarmSnapshot[];
  readonly shelves: Readonly<Record<string, Shelf>>;
  readonly flood: boolean;
  /** Since when nothing can be recorded: alarms sound, acts are refused. */
  readonly unrecordedSinceMs: number | undefined;
  readonly dropped: number;
  /** Calls of `publish` that threw. */
  readonly publishFaults: number;
  readonly nextDueMs: number | undefined;
}

/** The one writer of a ward's alarms. */
export interface AlarmDesk {
  /** @throws UsageError `alarms.input` when it is not an input of the engine */
  sense(input: Omit<ConditionInput, 'kind' | 'atMs'>): void;
  assign(roster: Omit<RosterInput, 'kind' | 'atMs'>): void;
  /** Answers when the act is in the journal and in the trail, or with why it was not done. */
  act(actor: Actor, act: AlarmAct): Promise<ActResult>;
  configure(actor: Actor, config: AlarmConfig): Promise<ActResult>;
  /** Call it at least every second, and at `nextDueMs`. */
  tick(): void;
  view(): AlarmDeskView;
  state(): EngineState;
  /** Resolves when all that was handed in is recorded and published. */
  settled(): Promise<void>;
}
