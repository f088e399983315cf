import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { canonicalJson } from './canonical-json.js';
import type { StartInput } from './engine-input.js';
import type { EngineState } from './engine-state.js';
import { foldJournal, type ReplayedEntry } from './fold-journal.js';
import type { JournalEntry } from './journal-entry.js';
import { readFrames } from './journal-frame.js';
import { segmentFile, segmentNumbers } from './journal-segments.js';
import { transitionWords } from './transition-words.js';

export interface JournalQuestion {
  readonly alarmId?: string;
  readonly subject?: string;
  readonly condition?: string;
}

export interface JournalAnswer {
  readonly lines: readonly string[];
  readonly entries: number;
  /** SHA-256 of the canonical JSON of the state that the entries lead to. */
  readonly digest: string;
  readonly state: EngineState;
  /** States that the journal holds and that the entries before them do not lead to. Must be none. */
  readonly notReproduced: readonly number[];
}

/** Reads one segment, or all of a folder, in order. @returns also how many bytes at the end could not be read */
export function readJournal(path: string): { readonly entries: readonly JournalEntry[]; readonly unreadBytes: number } {
  const files = statSync(path).isDirectory() ? segmentNumbers(path).map((number) => segmentFile(path, number)) : [path];
  let unreadBytes = 0;
  const entries = files.flatMap((file) => {
    const bytes = readFileSync(file);
    const read = readFrames(bytes);
    unreadBytes += bytes.length - read.soundBytes;
    return read.entries;
  });
  return { entries, unreadBytes };
}

/** Replays a journal and tells what it did in words, with the wall clock of each start of the gateway. */
export function explainJournal(entries: readonly JournalEntry[], question: JournalQuestion): JournalAnswer | undefined {
  const lines: string[] = [];
  const notReproduced: number[] = [];
  const dueMs = new Map<string, number>();
  let start: StartInput | undefined;
  let before: EngineState | undefined;
  const folded = foldJournal(entries, (replayed, state) => {
    const { entry } = replayed;
    if (entry.kind === 'state') {
      if (entry.lastStart !== undefined) start = entry.lastStart;
      if (before !== undefined && entry.gap === undefined && canonicalJson(before) !== canonicalJson(entry.state))
        notReproduced.push(entry.seq);
      if (entry.gap !== undefined)
        lines.push(
          `${timeOf(entry.gap.fromMs, start)}  not written from here on (${entry.gap.why}), ${entry.gap.inputs} inputs; the state is known again at ${timeOf(entry.state.atMs, start)}`,
        );
    }
    if (entry.kind === 'input' && entry.input.kind === 'start') {
      start = entry.input;
      lines.push(`${timeOf(start.atMs, start)}  the gateway started (${start.boot})`);
    }
    for (const { alarm, dueMs: due } of Object.values(state.alarms))
      if (due !== undefined) dueMs.set(alarm.alarmId, due);
    lines.push(...told(replayed, question, start, dueMs));
    before = state;
  });
  if (folded === undefined) return undefined;
  const digest = createHash('sha256').update(canonicalJson(folded.state)).digest('hex');
  return { lines, entries: entries.length, digest, state: folded.state, notReproduced };
}

function told(
  { transitions }: ReplayedEntry,
  question: JournalQuestion,
  start: StartInput | undefined,
  dueMs: ReadonlyMap<string, number>,
): readonly string[] {
  return transitions
    .filter(
      ({ alarm, subject }) =>
        (question.alarmId === undefined || alarm?.alarmId === question.alarmId) &&
        (question.subject === undefined || subject === question.subject) &&
        (question.condition === undefined || alarm === undefined || alarm.condition === question.condition),
    )
    .map((transition) => {
      const due = transition.alarm === undefined ? undefined : dueMs.get(transition.alarm.alarmId);
      return `${timeOf(transition.atMs, start)}  ${transitionWords(transition, due)}`;
    });
}

const timeOf = (atMs: number, start: StartInput | undefined): string =>
  start === undefined ? `${atMs} ms` : new Date(start.epochMs + atMs - start.atMs).toISOString();
