import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeMark, encodeMark, type LedgerMark } from './ledger-entry.js';

const dayFile = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** @returns the days that have a file, oldest first */
export function ledgerDays(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => dayFile.exec(name)?.[1] ?? [])
    .sort();
}

export function dayFileOf(folder: string, day: string): string {
  return join(folder, `${day}.jsonl`);
}

export function readDayFile(folder: string, day: string): Buffer {
  return readFileSync(dayFileOf(folder, day));
}

/** The line is on the disk when this returns; with a new file, so is its name. */
export function appendLine(folder: string, day: string, line: string): void {
  const file = dayFileOf(folder, day);
  const isNew = !existsSync(file);
  onFile(file, 'a', (handle) => {
    writeAll(handle, `${line}\n`);
    fsyncSync(handle);
  });
  if (isNew) syncFolder(folder);
}

/** Takes back what was never confirmed. */
export function truncateDayFile(folder: string, day: string, bytes: number): void {
  onFile(dayFileOf(folder, day), 'r+', (handle) => {
    ftruncateSync(handle, bytes);
    fsyncSync(handle);
  });
  // The name may be as young as the bytes that are cut off.
  syncFolder(folder);
}

export function removeDayFiles(folder: string, days: readonly string[]): void {
  for (const day of days) rmSync(dayFileOf(folder, day), { force: true });
  if (days.length > 0) syncFolder(folder);
}

export type FoundMark =
  { readonly kind: 'mark'; readonly mark: LedgerMark } | { readonly kind: 'absent' } | { readonly kind: 'unreadable' };

export function readMark(file: string): FoundMark {
  if (!existsSync(file)) return { kind: 'absent' };
  try {
    const mark = decodeMark(readFileSync(file, 'utf8'));
    return mark === undefined ? { kind: 'unreadable' } : { kind: 'mark', mark };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'unreadable' };
    throw error;
  }
}

/** Replaces the mark in one step; it is on the disk when this returns. */
export function writeMark(file: string, mark: LedgerMark): void {
  const next = `${file}.next`;
  onFile(next, 'w', (handle) => {
    writeAll(handle, encodeMark(mark));
    fsyncSync(handle);
  });
  renameSync(next, file);
  syncFolder(dirname(file));
}

export function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  syncFolder(dirname(folder));
}

function syncFolder(folder: string): void {
  onFile(folder, 'r', (handle) => fsyncSync(handle));
}

function onFile(file: string, flags: string, work: (handle: number) => void): void {
  const handle = openSync(file, flags, 0o600);
  try {
    work(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
}
