import { createRandom } from '@edge-blueprints/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { signerOf } from '../lib/log/log-signer.js';
import { makeLog, origin } from '../testing/trail-bench.js';
import {
  anchorOf,
  cosigned,
  entriesOf,
  flipped,
  forge,
  judge,
  logKey,
  reworded,
  witnessKey,
  type LogFiles,
} from '../testing/tamper-bench.js';

let files: LogFiles;
let small: LogFiles;
let entries: readonly Buffer[];
beforeAll(async () => {
  files = await makeLog([3, 250, 60]);
  small = await makeLog([2, 3]);
  entries = entriesOf(files);
});
const passes = { exitCode: 0 };
const without = (from: number, count = 1): readonly Buffer[] => entries.filter((_, i) => i < from || i >= from + count);

describe('a log as it was written', () => {
  it('passes every verdict, and is no pass without an anchor', async () => {
    expect(entries).toHaveLength(315);
    expect(await judge(files, { anchors: [anchorOf(files)], maxUnanchored: 0 })).toMatchObject({
      ...passes,
      anchored: 315,
    });
    expect(await judge(files, { maxUnanchored: 0 })).toMatchObject({ exitCode: 20, anchored: 0, unanchored: 315 });
    expect(await judge(await forge(entries), { anchors: [anchorOf(files)] })).toMatchObject(passes);
  });
});

describe('without the key of the log', () => {
  it('no byte of any file can be changed', async () => {
    const random = createRandom(11);
    for (const [path, bytes] of small)
      for (let i = 0; i < 25; i += 1) {
        const at = random.integer(0, bytes.length - 1);
        const { exitCode } = await judge(flipped(small, path, at, 2 ** random.integer(0, 7)));
        expect(exitCode, `${path} byte ${at}`).not.toBe(0);
      }
    for (const path of ['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/58'])
      expect((await judge(flipped(files, path, 17))).exitCode, path).toBe(10);
  });

  it('no file can be removed, cut, doubled, or added', async () => {
    // A narrower partial file is not needed any more once a wider one is there.
    const isStale = (path: string): boolean => /\.p\/[1-6]$/.test(path);
    expect([...small.keys()].filter((path) => !isStale(path)).length).toBeGreaterThan(3);
    for (const [path, bytes] of small) {
      const gone = new Map(small);
      gone.delete(path);
      if (!isStale(path)) expect((await judge(gone)).exitCode, `without ${path}`).not.toBe(0);
      for (const changed of [bytes.subarray(0, -1), bytes.subarray(0, -32), Buffer.concat([bytes, bytes])])
        expect((await judge(new Map(small).set(path, changed))).exitCode, path).not.toBe(0);
    }
    expect((await judge(new Map(small).set('tile/entries/1', Buffer.alloc(3)))).exitCode).toBe(10);
    expect((await judge(new Map())).exitCode).toBe(10);
  });

  it('no entry can be deleted, inserted, swapped or doubled, even when all hashes are made again', async () => {
    const mallory = signerOf(origin, 1, Buffer.alloc(32, 66));
    const [a, b] = [entries[100]!, entries[101]!];
    const changes = [
      without(100),
      without(0),
      without(314),
      without(0, 256),
      entries.toSpliced(100, 0, a),
      entries.toSpliced(100, 2, b, a),
      entries.with(100, reworded(a, { action: 'delete' })),
    ];
    for (const changed of changes) {
      const forged = await forge(changed, mallory);
      // With the old checkpoint put over it, the tiles do not add up.
      for (const name of ['checkpoint', 'checkpoints.jsonl']) forged.set(name, files.get(name)!);
      expect((await judge(forged)).exitCode).toBe(10);
    }
    expect((await judge(await forge(without(100), mallory))).exitCode).toBe(10);
  });

  it('a log that was cut back to an older checkpoint is found by its history, or by any anchor', async () => {
    const lines = files.get('checkpoints.jsonl')!.toString('utf8').split('\n');
    const older: unknown = JSON.parse(lines[2] ?? '');
    const size = Number(String(older).split('\n')[1]);
    const cut = await forge(entries.slice(0, size));
    cut.set('checkpoint', Buffer.from(String(older)));
    expect(await judge(new Map(cut).set('checkpoints.jsonl', files.get('checkpoints.jsonl')!))).toMatchObject({
      exitCode: 12,
    });
    const trimmed = new Map(cut).set('checkpoints.jsonl', Buffer.from(`${lines.slice(0, 3).join('\n')}\n`));
    const report = await judge(trimmed, { anchors: [anchorOf(files)] });
    expect(report.exitCode).toBe(12);
    expect(report.verdicts.completeness.findings.at(0)).toMatchObject({ code: 'tail-missing' });
    expect((await judge(new Map(), { anchors: [anchorOf(files)] })).verdicts.completeness).toMatchObject({
      status: 'fail',
    });
    const leaf = { kind: 'leaf' as const, from: 'siem:9', seq: 300, leaf: Buffer.alloc(32) };
    expect(await judge(trimmed, { anchors: [leaf] })).toMatchObject({ exitCode: 12 });
    expect(await judge(files, { anchors: [leaf] })).toMatchObject({ exitCode: 11 });
  });
});

describe('with the key of the log', () => {
  it('a suffix that was written again is found by any anchor that is older, and is unanchored otherwise', async () => {
    const rewritten = await forge(entries.with(200, reworded(entries[200]!, { outcome: 'refused' })));
    expect(await judge(rewritten, { maxUnanchored: 0 })).toMatchObject({ exitCode: 20, unanchored: 315 });
    const notes = files.get('checkpoints.jsonl')!.toString('utf8').trim().split('\n');
    const anchor = (line: string) => ({ kind: 'checkpoint' as const, from: 'siem', note: String(JSON.parse(line)) });
    const [early, late] = [notes[2]!, notes.at(-1)!];
    expect(await judge(rewritten, { anchors: [anchor(early)], maxUnanchored: 0 })).toMatchObject({ exitCode: 20 });
    for (const line of [notes[3]!, late])
      expect((await judge(rewritten, { anchors: [anchor(line)] })).verdicts.consistency.status).toBe('fail');
    // Left in place, the log's own history of checkpoints gives it away as well.
    const history = Buffer.concat([files.get('checkpoints.jsonl')!, rewritten.get('checkpoints.jsonl')!]);
    expect(await judge(rewritten.set('checkpoints.jsonl', history))).toMatchObject({ exitCode: 11 });
  });

  it('two histories of one size are a split view', async () => {
    const other = await forge(entries.with(5, reworded(entries[5]!, { reason: 'another' })));
    const { verdicts, exitCode } = await judge(files, { anchors: [anchorOf(other, 'hospital')] });
    expect(exitCode).toBe(11);
    expect(verdicts.consistency.findings[0]).toMatchObject({
      code: 'split-view',
      text: expect.stringMatching(/^hospital /),
    });
  });

  it('holes in numbers, boots and clocks are found although every hash fits', async () => {
    const anchored = async (list: readonly Buffer[]) => (await judge(await forge(list))).exitCode;
    expect(await anchored(without(100))).toBe(12);
    expect(await anchored(entries.with(50, reworded(entries[50]!, { boot: 'boot-9' })))).toBe(12);
    expect(await anchored(entries.with(50, reworded(entries[50]!, { origin: 'elsewhere' })))).toBe(12);
    expect(await anchored(entries.with(50, Buffer.concat([entries[50]!, Buffer.from(' ')])))).toBe(12);
    expect(await anchored(entries.with(50, reworded(entries[50]!, { tWall: '2026-05-01T07:00:00.000Z' })))).toBe(13);
    expect(await anchored(entries.with(314, reworded(entries[314]!, { tMonoMs: -5 })))).toBe(13);
  });
});

describe('a witness', () => {
  const keys = [logKey, witnessKey];

  it('anchors what it signed, and its absence is a verdict of its own', async () => {
    const signed = await cosigned(files, Date.parse('2026-05-01T08:00:10Z') / 1_000);
    expect(await judge(signed, { keys, maxUnanchored: 0 })).toMatchObject({ ...passes, anchored: 315 });
    expect(await judge(files, { keys, maxUnanchored: 0 })).toMatchObject({ exitCode: 14 });
    expect(await judge(signed, { keys: [logKey] })).toMatchObject(passes);
    const other = await cosigned(small, Date.parse('2026-05-01T08:00:10Z') / 1_000);
    const text = other.get('checkpoint')!;
    for (let at = text.indexOf('witness'); at < text.length; at += 3)
      expect((await judge(flipped(other, 'checkpoint', at), { keys })).exitCode, `byte ${at}`).not.toBe(0);
  });

  it('cannot have signed before the newest entry was written', async () => {
    const early = await cosigned(files, Date.parse('2026-05-01T07:00:00Z') / 1_000);
    expect(await judge(early, { keys })).toMatchObject({ exitCode: 13 });
  });
});
