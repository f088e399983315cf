import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draft, filesOf, handClock, logSigner, openTrail, origin, temporaryFolder } from '../../testing/trail-bench.js';
import { rootByInclusion } from '../../verify/hashing.js';
import { openLogFolder } from '../../verify/log-folder.js';
import { parseVkey } from '../../verify/note.js';
import { verifyLog } from '../../verify/verify-log.js';
import type { StoredEntry } from './audit-log.js';
import { openAppendFile, type OpenAppendFile } from './durable-files.js';
import { openSigner } from './log-signer.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

const logKey = parseVkey(logSigner.vkey)!;
const verify = (more = {}) =>
  verifyLog({
    folder: openLogFolder(join(folder.path, 'log')),
    keys: [logKey],
    anchors: [],
    maxUnanchored: 1e9,
    ...more,
  });
const by = { actor: { id: 'auditor-1', role: 'auditor' }, reason: 'retention plan' };
async function all(entries: AsyncGenerator<StoredEntry>): Promise<readonly StoredEntry[]> {
  const list: StoredEntry[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

describe('the trail', () => {
  it('numbers entries in the order of the calls, over starts, and proves each of them', async () => {
    const first = await openTrail(folder.path);
    const calls = Array.from({ length: 300 }, (_, i) => first.record([draft(i)]));
    expect((await Promise.all(calls)).map(([entry]) => entry?.seq)).toEqual(calls.map((_, i) => i + 1));
    await first.close();
    const second = await openTrail(folder.path, { boot: 'boot-2' });
    await second.record([draft(300)]);
    const head = await second.checkpoint();
    expect(head.size).toBe(304);
    for (const seq of [0, 255, 256, 303]) {
      const { entry, path } = await second.prove(seq);
      expect(entry.entry.seq).toBe(seq);
      expect(rootByInclusion(entry.leaf, seq, head.size, path)?.toString('base64')).toBe(head.root);
    }
    const types = (await all(second.read({ from: 299 }))).map(({ entry }) => `${entry.boot} ${entry.type}`);
    expect(types).toEqual([
      ...['boot-1 alarm.start', 'boot-1 alarm.start', 'boot-1 audit.stopped'],
      ...['boot-2 audit.started', 'boot-2 alarm.start'],
    ]);
    await second.close();
    expect(await verify()).toMatchObject({ exitCode: 0, boots: 2, declaredGaps: 0, size: 305 });
  });

  it('lets one process write', async () => {
    const log = await openTrail(folder.path);
    await expect(openTrail(folder.path, { boot: 'boot-2' })).rejects.toMatchObject({ code: 'audit.in-use' });
    await log.close();
    await expect(log.record([draft(1)])).rejects.toMatchObject({ code: 'audit.closed' });
  });

  it('ends with the entry that says so, whatever is handed in while it closes', async () => {
    const log = await openTrail(folder.path);
    const before = log.record([draft(1)]);
    const closing = log.close();
    const behind = [log.record([draft(2)])];
    await Promise.resolve();
    behind.push(log.record([draft(3)]));
    expect(log.close()).toBe(closing);
    expect((await Promise.allSettled(behind)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await before).toHaveLength(1);
    await closing;
    const next = await openTrail(folder.path, { boot: 'boot-2' });
    await next.checkpoint();
    expect((await all(next.read({ from: 0 }))).map(({ entry }) => entry.type)).toEqual([
      ...['audit.started', 'alarm.start', 'audit.stopped', 'audit.started'],
    ]);
    await next.close();
  });

  it('recovers what no checkpoint covered, cuts an unclean tail and declares it', async () => {
    const first = await openTrail(folder.path);
    await first.record([draft(1), draft(2)]);
    const wal = filesOf(join(folder.path, 'wal'));
    const log = filesOf(join(folder.path, 'log'));
    await first.close();
    const [[name, bytes]] = [...wal] as [[string, Buffer]];
    for (const cut of [0, 1, 7]) {
      const crashed = temporaryFolder();
      for (const [path, content] of log) {
        const target = join(crashed.path, 'log', path);
        statSync(crashed.path);
        await writeDeep(target, content);
      }
      await writeDeep(join(crashed.path, 'wal', name), bytes.subarray(0, bytes.length - cut));
      const second = await openTrail(crashed.path, { boot: 'boot-2' });
      await second.checkpoint();
      const entries = (await all(second.read({ from: 0 }))).map(({ entry }) => entry);
      await second.close();
      const kept = cut === 0 ? ['alarm.start', 'alarm.start'] : ['alarm.start'];
      expect(entries.map(({ type }) => type)).toEqual(['audit.started', ...kept, 'audit.gap', 'audit.started']);
      const gap = entries.find(({ type }) => type === 'audit.gap');
      expect(gap).toMatchObject({
        reason: cut === 0 ? 'unclean stop' : 'unclean tail',
        links: { previousBoot: 'boot-1', cutBytes: expect.stringMatching(cut === 0 ? /^0$/ : /^[1-9]/) },
      });
      const report = await verifyLog({
        ...{ folder: openLogFolder(join(crashed.path, 'log')), keys: [logKey], anchors: [], maxUnanchored: 1e9 },
      });
      expect(report).toMatchObject({ exitCode: 0, declaredGaps: 1 });
      expect(report.verdicts.completeness.findings[0]?.text).toMatch(/declares a gap: unclean/);
      crashed.remove();
    }
  });

  it('refuses to go on where the published files are not whole, instead of writing a second history', async () => {
    await (await openTrail(folder.path)).close();
    const path = join(folder.path, 'log', 'tile', '0', '000.p', '2');
    const tile = readFileSync(path);
    writeFileSync(path, Buffer.concat([tile.subarray(0, 32), Buffer.alloc(32, 1)]));
    await expect(openTrail(folder.path, { boot: 'boot-2' })).rejects.toMatchObject({ code: 'audit.damaged' });
    writeFileSync(path, tile);
    await (await openTrail(folder.path, { boot: 'boot-2' })).close();
  });

  it('rejects what the disk does not take, goes on when it does, and tells how many were refused', async () => {
    let full = false;
    const openFile: OpenAppendFile = async (path) => {
      const file = await openAppendFile(path);
      const fault = (): never => {
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      };
      return { ...file, write: async (bytes) => (full ? fault() : file.write(bytes)) };
    };
    const log = await openTrail(folder.path, { openFile });
    await log.record([draft(1)]);
    full = true;
    await expect(log.record([draft(2), draft(3)])).rejects.toMatchObject({ code: 'audit.write', retry: 'safe' });
    await expect(log.record([draft(4, { payload: { name: 'x' } })])).rejects.toMatchObject({ code: 'audit.write' });
    expect(log.status()).toMatchObject({ size: 2, refused: 3, fault: expect.stringMatching(/does not take/) });
    full = false;
    await log.record([draft(5)]);
    await log.close();
    const report = await verify();
    expect(report).toMatchObject({ exitCode: 0, size: 5, declaredGaps: 1 });
    expect(report.verdicts.completeness.findings[0]?.text).toMatch(/entry 2 .*refused 3/i);
  });

  it('declares a step of the wall clock, within a start and over a restart', async () => {
    const clock = handClock();
    const log = await openTrail(folder.path, { clock });
    clock.pass(60_000);
    await log.record([draft(1)]);
    clock.step(3_600_000);
    const [entry] = await log.record([draft(2)]);
    expect(entry?.seq).toBe(3);
    await log.close();
    await (await openTrail(folder.path, { clock: handClock(), boot: 'boot-2' })).close();
    const { verdicts, exitCode } = await verify();
    expect(exitCode).toBe(0);
    expect(verdicts.time.findings.map(({ text }) => text)).toEqual([
      'Entry 2 declares a step of 3600000 ms',
      'Entry 5 declares a step of -3660000 ms',
    ]);
  });

  it('keeps payloads beside the log, and stays whole when they are erased', async () => {
    const log = await openTrail(folder.path);
    const identity = { name: 'Seeded Patient', hr: 131.5 };
    const [entry] = await log.record([draft(1, { payload: identity })]);
    await log.record([draft(2, { payload: { name: 'Another' } })]);
    await log.checkpoint();
    expect((await log.payload(1))?.payload).toEqual(identity);
    expect(entry?.payloadCommit).toMatch(/^[0-9a-f]{64}$/);
    expect(await log.erasePayloads([1], by)).toBe(1);
    expect(await log.payload(1)).toBeUndefined();
    expect((await log.payload(2))?.payload).toEqual({ name: 'Another' });
    await log.record([draft(3, { payload: { name: 'Third' } })]);
    await log.close();
    const published = [...filesOf(join(folder.path, 'log')).values()].join('');
    expect(published).not.toMatch(/Seeded|Another|Third/);
    expect([...filesOf(folder.path).values()].join('')).not.toContain('Seeded');
    expect(await verify()).toMatchObject({ exitCode: 0 });
  });

  it('removes old full tiles when the minimum index is raised, and still proves the rest', async () => {
    const log = await openTrail(folder.path);
    await log.record(Array.from({ length: 700 }, (_, i) => draft(i)));
    const old = await log.checkpoint();
    await log.raiseMinimumIndex(600, by);
    expect(existsSync(join(folder.path, 'log/tile/entries/001'))).toBe(false);
    expect(readdirSync(join(folder.path, 'log/tile/0')).filter((name) => !name.endsWith('.p'))).toEqual([]);
    const head = await log.checkpoint();
    const { entry, path } = await log.prove(600);
    expect(rootByInclusion(entry.leaf, 600, head.size, path)?.toString('base64')).toBe(head.root);
    await log.close();
    const anchors = [{ kind: 'checkpoint' as const, from: 'siem', note: old.note }];
    expect(await verify({ anchors })).toMatchObject({ exitCode: 0, firstEntry: 512 });
    await (await openTrail(folder.path, { boot: 'boot-2' })).close();
  });

  it('takes nothing that is too large or has no form, and keeps the rest of the group', async () => {
    const log = await openTrail(folder.path);
    const [large, odd, good, half] = await Promise.allSettled([
      log.record([draft(1, { reason: 'x'.repeat(70_000) })]),
      log.record([draft(2, { payload: { value: NaN } })]),
      log.record([draft(3)]),
      log.record([draft(4, { reason: 'half \ud800' })]),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: { code: 'audit.entry-size' } });
    expect(odd).toMatchObject({ status: 'rejected', reason: { code: 'audit.canonical' } });
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ seq: 1 }] });
    expect(half).toMatchObject({ status: 'fulfilled', value: [{ seq: 2, reason: 'half \ufffd' }] });
    await log.close();
    expect((await verify()).exitCode).toBe(0);
  });
});

describe('the key of the log', () => {
  it('is made once, closed to others, and is refused under another name', async () => {
    const options = { folder: folder.path, file: 'log.key', name: origin };
    const { vkey } = await openSigner(options);
    expect(statSync(join(folder.path, 'log.key')).mode & 0o777).toBe(0o600);
    expect((await openSigner(options)).vkey).toBe(vkey);
    expect(parseVkey(vkey)).toMatchObject({ name: origin, kind: 'log' });
    await expect(openSigner({ ...options, name: 'other' })).rejects.toMatchObject({ code: 'audit.key' });
    await expect(openSigner({ ...options, name: 'a b' })).rejects.toMatchObject({ code: 'audit.key' });
  });

  it('must be the one that signed before', async () => {
    await (await openTrail(folder.path)).close();
    const other = await openSigner({ folder: folder.path, file: 'other.key', name: origin });
    await expect(openTrail(folder.path, { boot: 'b', signers: [other] })).rejects.toMatchObject({
      code: 'audit.damaged',
    });
    await (await openTrail(folder.path, { boot: 'boot-2', signers: [logSigner, other] })).close();
    const both = [logKey, parseVkey(other.vkey)!];
    expect((await verify({ keys: both })).exitCode).toBe(0);
    expect((await verify({ keys: [parseVkey(other.vkey)!] })).exitCode).toBe(10);
  });
});

async function writeDeep(path: string, content: Buffer): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
}
