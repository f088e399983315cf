import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { alarmConfigSchema, type AlarmConfig } from './alarm-config.js';
import type { StartInput } from './engine-input.js';
import { initialState, type EngineState } from './engine-state.js';
import type { FoldedJournal } from './fold-journal.js';
import type { JournalDraft, JournalEntry } from './journal-entry.js';
import { encodeFrame } from './journal-frame.js';
import { takeJournalLock } from './journal-lock.js';
import {
  createSegment,
  recoverSegments,
  removeSegments,
  segmentFile,
  segmentNumbers,
  type JournalDamage,
} from './journal-segments.js';

/** The part of a file that appending needs; tests give one that fails. */
export interface SegmentFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  datasync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface AlarmJournalOptions {
  readonly folder: string;
  /** Eight or so random characters from a-z and 0-9: begins the ids of alarms when there is no journal yet. */
  readonly newJournal: string;
  /** A segment is closed after this many bytes. */
  readonly segmentBytes?: number;
  /** Older segments are deleted; they answer only questions about old alarms. */
  readonly keepSegments?: number;
  readonly openFile?: (file: string) => Promise<SegmentFile>;
}

export interface AlarmJournal {
  /** What was there at opening. */
  readonly recovered: FoldedJournal & { readonly damage: readonly JournalDamage[]; readonly isNew: boolean };
  /**
   * Resolves once the entries are on the disk, in their order. One write and one fdatasync for all of them.
   * @returns the number of the first
   * @throws DeviceError `alarms.journal-write`; what was half-written is cut off before the next append
   */
  append(entries: readonly JournalDraft[]): Promise<number>;
  /** The current segment is full; `rotate` begins the next one with this state. */
  readonly isFull: boolean;
  rotate(state: EngineState, config: AlarmConfig, lastStart: StartInput | undefined): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal of one ward's alarm engine. @throws ConfigError `alarms.journal-in-use` */
export async function openAlarmJournal(options: AlarmJournalOptions): Promise<AlarmJournal> {
  const { folder, newJournal, segmentBytes = 8 * 1024 * 1024, keepSegments = 64, openFile = openSegment } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = takeJournalLock(folder);
  const { segment, damage } = recoverSegments(folder);
  let number = segment?.number ?? (segmentNumbers(folder).at(-1) ?? 0) + 1;
  const folded = segment?.folded ?? freshJournal(newJournal);
  let bytes = segment?.bytes ?? createSegment(folder, number, firstEntry(folded.state, folded.config, 0, undefined));
  let seq = folded.nextSeq;
  let file = await openFile(segmentFile(folder, number));
  let isDirty = false;
  let last: Promise<unknown> = Promise.resolve();

  async function write(drafts: readonly JournalDraft[]): Promise<number> {
    const first = seq;
    try {
      if (isDirty) await file.truncate(bytes);
      isDirty = true;
      const frames = Buffer.concat(drafts.map((draft, i) => encodeFrame({ ...draft, seq: first + i })));
      await file.write(frames, bytes);
      await file.datasync();
      isDirty = false;
      bytes += frames.length;
      seq += drafts.length;
      return first;
    } catch (error) {
      throw new DeviceError(
        'alarms.journal-write',
        `The alarm journal ${segmentFile(folder, number)} cannot be written: ${errorMessage(error)}. Alarms go on; acts are refused until the disk takes entries again.`,
        { cause: error, retry: 'safe' },
      );
    }
  }

  async function rotate(state: EngineState, config: AlarmConfig, lastStart: StartInput | undefined): Promise<void> {
    const nextBytes = createSegment(folder, number + 1, firstEntry(state, config, seq, lastStart));
    const next = await openFile(segmentFile(folder, number + 1));
    await file.close();
    file = next;
    number += 1;
    seq += 1;
    bytes = nextBytes;
    isDirty = false;
    removeSegments(folder, segmentNumbers(folder).slice(0, -keepSegments));
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    recovered: { ...folded, damage, isNew: segment === undefined },
    get isFull() {
      return bytes >= segmentBytes;
    },
    append: (drafts) => inTurn(() => write(drafts)),
    rotate: (state, config, lastStart) => inTurn(() => rotate(state, config, lastStart)),
    close: () =>
      inTurn(async () => {
        await file.close();
        unlock();
      }),
  };
}

function freshJournal(newJournal: string): FoldedJournal {
  const config = alarmConfigSchema.parse({});
  return { state: initialState(newJournal), config, lastStart: undefined, unaudited: [], nextSeq: 1 };
}

function firstEntry(
  state: EngineState,
  config: AlarmConfig,
  seq: number,
  lastStart: StartInput | undefined,
): JournalEntry {
  return { seq, kind: 'state', state, config, ...(lastStart === undefined ? {} : { lastStart }) };
}

async function openSegment(file: string): Promise<SegmentFile> {
  const handle = await open(file, 'r+');
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    datasync: () => handle.datasync(),
    truncate: (bytes) => handle.truncate(bytes),
    close: () => handle.close(),
  };
}
