import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { foldJournal, type FoldedJournal } from './fold-journal.js';
import type { JournalEntry } from './journal-entry.js';
import { encodeFrame, readFrames } from './journal-frame.js';

const segmentName = /^alarms-(\d{8})\.journal$/;

/** What was wrong with the journal when it was opened. It is told to the trail. */
export interface JournalDamage {
  /** `torn-tail`: an append that was never confirmed. `damaged`: confirmed entries cannot be read. */
  readonly kind: 'torn-tail' | 'damaged';
  readonly segment: string;
  readonly bytesCut: number;
  /** Readable entries behind the damage, kept in a file beside and not used. */
  readonly entriesAside: number;
}

export interface RecoveredSegment {
  readonly number: number;
  readonly bytes: number;
  readonly entries: number;
  readonly folded: FoldedJournal;
}

export function segmentFile(folder: string, number: number): string {
  return join(folder, `alarms-${String(number).padStart(8, '0')}.journal`);
}

/** @returns the numbers of the segments, oldest first */
export function segmentNumbers(folder: string): readonly number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => segmentName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Finds the newest segment that can be read, and cuts off what does not belong to it. */
export function recoverSegments(folder: string): {
  readonly segment: RecoveredSegment | undefined;
  readonly damage: readonly JournalDamage[];
} {
  const damage: JournalDamage[] = [];
  for (const number of [...segmentNumbers(folder)].reverse()) {
    const file = segmentFile(folder, number);
    const bytes = readFileSync(file);
    const { entries, soundBytes, soundBehind } = readFrames(bytes);
    const folded = foldJournal(entries);
    const torn = bytes.length - soundBytes;
    if (torn > 0 || folded === undefined)
      damage.push({
        kind: soundBehind > 0 || folded === undefined ? 'damaged' : 'torn-tail',
        segment: segmentFile('', number),
        bytesCut: torn,
        entriesAside: soundBehind,
      });
    if (folded === undefined) continue;
    if (soundBehind > 0) writeFileSync(`${file}.aside-${soundBytes}`, bytes.subarray(soundBytes), { mode: 0o600 });
    if (torn > 0) {
      truncateSync(file, soundBytes);
      syncPath(file);
      syncPath(folder);
    }
    return { segment: { number, bytes: soundBytes, entries: entries.length, folded }, damage };
  }
  return { segment: undefined, damage };
}

/** A segment appears whole, with the state that it begins with, or not at all. @returns its size in bytes */
export function createSegment(folder: string, number: number, first: JournalEntry): number {
  const file = segmentFile(folder, number);
  const frame = encodeFrame(first);
  const next = `${file}.next`;
  writeFileSync(next, frame, { mode: 0o600 });
  syncPath(next);
  renameSync(next, file);
  syncPath(folder);
  return frame.length;
}

export function removeSegments(folder: string, numbers: readonly number[]): void {
  for (const number of numbers) rmSync(segmentFile(folder, number), { force: true });
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
