import type { AlarmMoment, AlarmRecord } from '@edge-blueprints/contracts';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import type { StartInput } from '../alarms/engine-input.js';
import { foldJournal } from '../alarms/fold-journal.js';
import type { JournalEntry } from '../alarms/journal-entry.js';
import { transitionWords } from '../alarms/transition-words.js';

/** The newest alarms with what happened to them, for people. The journal is what counts. */
export interface AlarmBook {
  /** @param wallOf wall clock of a time of the journal's clock */
  take(transitions: readonly AlarmTransition[], wallOf: (journalMs: number) => number): void;
  /** What the journal holds of the lives before. */
  takeJournal(entries: readonly JournalEntry[]): void;
  /** Newest first. */
  records(): readonly AlarmRecord[];
}

const kept = 500;
const mostMoments = 60;
const quiet: ReadonlySet<string> = new Set(['pending', 'transient', 'continue', 'update', 'refused']);

export function createAlarmBook(): AlarmBook {
  const records = new Map<string, AlarmRecord>();
  const take = (transitions: readonly AlarmTransition[], wallOf: (journalMs: number) => number): void => {
    for (const transition of transitions) {
      const { kind, alarm, atMs } = transition;
      if (alarm === undefined || alarm.phase === 'pending') continue;
      const known = records.get(alarm.alarmId);
      if (known === undefined && kind !== 'start') continue;
      const at = new Date(wallOf(atMs)).toISOString();
      const words = transitionWords(transition);
      const moment: AlarmMoment = {
        at,
        what: words.slice(words.indexOf(': ') + 2),
        by: transition.actor?.id ?? null,
      };
      const before: AlarmRecord = known ?? {
        alarm,
        startedAt: at,
        endedAt: null,
        acknowledgedAfterMs: null,
        moments: [],
      };
      const isOver = alarm.phase === 'ended' || kind === 'end' || kind === 'reset';
      const acknowledged = kind === 'ack' ? Math.max(0, atMs - (alarm.conditionMs ?? alarm.onsetMs)) : null;
      records.set(alarm.alarmId, {
        alarm,
        startedAt: before.startedAt,
        endedAt: isOver ? (before.endedAt ?? at) : null,
        acknowledgedAfterMs: before.acknowledgedAfterMs ?? acknowledged,
        moments: quiet.has(kind) ? before.moments : [...before.moments, moment].slice(-mostMoments),
      });
      const [oldest] = records.keys();
      if (records.size > kept && oldest !== undefined) records.delete(oldest);
    }
  };
  return {
    take,
    takeJournal(entries) {
      let start: StartInput | undefined;
      foldJournal(entries, ({ entry, transitions }) => {
        if (entry.kind === 'state') start = entry.lastStart ?? start;
        if (entry.kind === 'input' && entry.input.kind === 'start') start = entry.input;
        const from = start;
        if (from !== undefined) take(transitions, (atMs) => from.epochMs + atMs - from.atMs);
      });
    },
    records: () => [...records.values()].reverse(),
  };
}
