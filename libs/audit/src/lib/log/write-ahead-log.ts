import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';
import {
  makeFolders,
  openAppendFile,
  syncFolder,
  writeDurably,
  type AppendFile,
  type OpenAppendFile,
} from './durable-files.js';
import { encodeWalRecord, readWalSegment, walHead, walHeadBytes, walStart, type WalRecord } from './wal-record.js';

/** Entries that are safe on disk before they are in tiles. Only one caller at a time. */
export interface WriteAheadLog {
  /** On disk when this resolves. When it rejects, nothing of it will be read back, unless the error's retry is `ambiguous`. */
  append(records: readonly WalRecord[]): Promise<void>;
  /** Removes segments that hold only entries below that number. */
  dropBelow(seq: number): Promise<void>;
  close(): Promise<void>;
}

export interface FoundWal {
  readonly records: readonly WalRecord[];
  /** Bytes behind the last whole record; they are kept aside in `unclean/`. */
  readonly cutBytes: number;
  readonly cutSha256: string | undefined;
}

/** Reads what a former process left, cuts an unclean tail off, and goes on in a new segment. */
export async function openWriteAheadLog(options: {
  readonly folder: string;
  readonly segmentBytes: number;
  readonly openFile?: OpenAppendFile;
}): Promise<{ readonly found: FoundWal; readonly wal: WriteAheadLog }> {
  const { folder } = options;
  await makeFolders(folder, 'wal');
  const segments = (await readdir(join(folder, 'wal'))).filter((name) => /^\d{15}\.wal$/.test(name)).sort();
  const records: WalRecord[] = [];
  const cut: Buffer[] = [];
  const sealed: { readonly name: string; readonly end: number }[] = [];
  let check: Buffer | undefined;
  for (const name of segments) {
    const path = join(folder, 'wal', name);
    const bytes = await readFile(path);
    const { records: read, goodBytes, chain } = readWalSegment(bytes);
    // What comes after an unreadable record cannot be put in order with it: all of it is kept aside.
    const follows = cut.length === 0 && (check === undefined || chain === undefined || chain.from.equals(check));
    if (follows) {
      records.push(...read);
      check = chain?.to ?? check;
      sealed.push({ name, end: (records.at(-1)?.seq ?? -1) + 1 });
    }
    const good = follows ? goodBytes : 0;
    if (follows && good === bytes.length) continue;
    cut.push(bytes.subarray(good));
    await makeFolders(folder, 'unclean');
    await writeDurably(join(folder, 'unclean', `${name}.${digest(bytes).slice(0, 16)}`), bytes, 0o600);
    if (follows) await writeDurably(path, bytes.subarray(0, good), 0o600);
    else await rm(path);
  }
  await syncFolder(join(folder, 'wal'));
  const all = Buffer.concat(cut);
  return {
    found: { records, cutBytes: all.length, cutSha256: all.length === 0 ? undefined : digest(all) },
    wal: createWriter({ ...options, openFile: options.openFile ?? openAppendFile, check: check ?? walStart, sealed }),
  };
}

function createWriter(options: {
  readonly folder: string;
  readonly segmentBytes: number;
  readonly openFile: OpenAppendFile;
  readonly check: Buffer;
  readonly sealed: { readonly name: string; readonly end: number }[];
}): WriteAheadLog {
  const { sealed } = options;
  let check = options.check;
  let active:
    { readonly file: AppendFile; readonly name: string; length: number; end: number; records: number } | undefined;
  /** A tail that could not be taken back yet. */
  let uncut: { readonly name: string; readonly length: number } | undefined;
  const pathOf = (name: string): string => join(options.folder, 'wal', name);

  async function seal(): Promise<void> {
    if (active === undefined) return;
    await active.file.close();
    sealed.push({ name: active.name, end: active.end });
    active = undefined;
  }

  async function segmentFor(seq: number): Promise<NonNullable<typeof active>> {
    if (active !== undefined && active.length >= options.segmentBytes) await seal();
    if (active !== undefined) return active;
    const name = `${String(seq).padStart(15, '0')}.wal`;
    // A segment of that number holds nothing but a head, or was being opened when its process ended.
    const old = sealed.findIndex((segment) => segment.name === name);
    if (old >= 0) {
      await rename(pathOf(name), `${pathOf(name)}.empty`);
      await rm(`${pathOf(name)}.empty`);
      sealed.splice(old, 1);
    }
    const file = await options.openFile(pathOf(name));
    active = { file, name, length: walHeadBytes, end: seq, records: 0 };
    await file.cut(0);
    await file.write(walHead(check));
    return active;
  }

  /** After a write or sync that failed, what the disk holds is unknown: the tail is cut and a fresh file is used. */
  async function takeBack(): Promise<void> {
    if (active !== undefined) {
      const broken = active;
      active = undefined;
      sealed.push({ name: broken.name, end: broken.end });
      uncut = { name: broken.name, length: broken.records === 0 ? 0 : broken.length };
      await broken.file.close();
    }
    if (uncut === undefined) return;
    const file = await options.openFile(pathOf(uncut.name));
    try {
      await file.cut(uncut.length);
    } finally {
      await file.close();
    }
    uncut = undefined;
  }

  return {
    append: async (records) => {
      const first = records[0];
      if (first === undefined) return;
      try {
        if (uncut !== undefined) await takeBack();
        const segment = await segmentFor(first.seq);
        let next = check;
        const parts = records.map((record) => {
          const encoded = encodeWalRecord(record, next);
          next = encoded.check;
          return encoded.bytes;
        });
        const bytes = Buffer.concat(parts);
        await segment.file.write(bytes);
        await segment.file.sync();
        check = next;
        segment.length += bytes.length;
        segment.end = first.seq + records.length;
        segment.records += records.length;
      } catch (cause) {
        const clean = await takeBack().then(
          () => true,
          () => false,
        );
        throw new DeviceError(
          'audit.write',
          `The disk does not take the trail in ${options.folder}: ${records.length} entries are not recorded. Acts must wait until it does.`,
          { cause, retry: clean ? 'safe' : 'ambiguous' },
        );
      }
    },
    dropBelow: async (seq) => {
      const old = sealed.filter((segment) => segment.end <= seq);
      for (const segment of old) {
        await rm(pathOf(segment.name), { force: true });
        sealed.splice(sealed.indexOf(segment), 1);
      }
      if (old.length > 0) await syncFolder(join(options.folder, 'wal'));
    },
    close: seal,
  };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
