import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/trail-bench.js';
import { openAppendFile, type OpenAppendFile } from './durable-files.js';
import { encodeWalRecord, readWalSegment, walHead, walStart, type WalRecord } from './wal-record.js';
import { openWriteAheadLog } from './write-ahead-log.js';

const record = (seq: number): WalRecord => ({ seq, bytes: Buffer.from(`{"seq":${seq}}`) });
const records = (from: number, to: number): readonly WalRecord[] =>
  Array.from({ length: to - from }, (_, i) => record(from + i));

function segmentOf(list: readonly WalRecord[]): { readonly bytes: Buffer; readonly ends: readonly number[] } {
  let [check, bytes]: [Buffer, Buffer] = [walStart, walHead(walStart)];
  const ends = list.map((one) => {
    const encoded = encodeWalRecord(one, check);
    check = encoded.check;
    bytes = Buffer.concat([bytes, encoded.bytes]);
    return bytes.length;
  });
  return { bytes, ends };
}

describe('a segment', () => {
  const { bytes, ends } = segmentOf(records(0, 6));

  it('cut at any byte gives back exactly the records that are whole', () => {
    for (let length = 0; length <= bytes.length; length += 1) {
      const found = readWalSegment(bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      expect(found.records.map(({ seq }) => seq)).toEqual(records(0, whole).map(({ seq }) => seq));
      if (length >= walHead(walStart).length) expect(found.goodBytes).toBe(ends[whole - 1] ?? walHead(walStart).length);
    }
  });

  it('ends before any bit that was changed', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const spoilt = Buffer.from(bytes);
        spoilt[at] = (spoilt[at] ?? 0) ^ mask;
        const found = readWalSegment(spoilt);
        expect(found.records.length).toBe(at < walHead(walStart).length ? 0 : ends.filter((end) => end <= at).length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the write-ahead files', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder.remove());
  const open = (openFile: OpenAppendFile = openAppendFile) =>
    openWriteAheadLog({ folder: folder.path, segmentBytes: 300, openFile });

  it('give everything back over segments and starts, and drop what tiles hold', async () => {
    const first = await open();
    for (let seq = 0; seq < 20; seq += 4) await first.wal.append(records(seq, seq + 4));
    await first.wal.close();
    const second = await open();
    expect(second.found).toMatchObject({ records: records(0, 20), cutBytes: 0 });
    await second.wal.append(records(20, 22));
    await second.wal.dropBelow(12);
    await second.wal.close();
    const third = await open();
    expect(third.found.records.at(0)?.seq).toBeLessThanOrEqual(12);
    expect(third.found.records.at(-1)?.seq).toBe(21);
    expect(readdirSync(join(folder.path, 'wal')).length).toBeLessThan(4);
  });

  it('keep an unclean tail aside, and go on after the last whole record', async () => {
    const first = await open();
    await first.wal.append(records(0, 3));
    await first.wal.close();
    const path = join(folder.path, 'wal', '000000000000000.wal');
    writeFileSync(path, readFileSync(path).subarray(0, -2));
    const second = await open();
    expect(second.found.records).toEqual(records(0, 2));
    expect(second.found.cutBytes).toBeGreaterThan(0);
    expect(readdirSync(join(folder.path, 'unclean'))).toHaveLength(1);
    await second.wal.append(records(2, 5));
    await second.wal.close();
    expect((await open()).found).toMatchObject({ records: records(0, 5), cutBytes: 0 });
  });

  it('take back a group that the disk refused, before anything else is written', async () => {
    let [failing, cutsFail] = [false, false];
    const flaky: OpenAppendFile = async (path) => {
      const file = await openAppendFile(path);
      const fault = (): never => {
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      };
      return {
        ...file,
        sync: async () => (failing ? fault() : file.sync()),
        cut: async (length) => (cutsFail ? fault() : file.cut(length)),
      };
    };
    const first = await open(flaky);
    await first.wal.append(records(0, 2));
    [failing, cutsFail] = [true, true];
    await expect(first.wal.append(records(2, 4))).rejects.toMatchObject({ code: 'audit.write', retry: 'ambiguous' });
    [failing, cutsFail] = [true, false];
    await expect(first.wal.append(records(2, 3))).rejects.toMatchObject({ code: 'audit.write', retry: 'safe' });
    failing = false;
    await first.wal.append([{ seq: 2, bytes: Buffer.from('"the other"') }]);
    await first.wal.close();
    const found = (await open()).found.records;
    expect(found.map(({ bytes }) => bytes.toString())).toEqual(['{"seq":0}', '{"seq":1}', '"the other"']);
  });
});
