import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge, judge, logKey } from '../../testing/tamper-bench.js';
import { draft, filesOf, openTrail, temporaryFolder } from '../../testing/trail-bench.js';
import { parseVkey } from '../../verify/note.js';
import { createWitnessLink } from './ask-witness.js';
import { openWitness } from './open-witness.js';
import { serveWitness } from './serve-witness.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());
const atMs = Date.parse('2026-05-01T08:00:05Z');
const witness = () =>
  openWitness({ folder: join(folder.path, 'w'), name: 'witness.example/w1', logKeys: [logKey], epochMs: () => atMs });
const never = new AbortController().signal;
const entries = Array.from({ length: 5 }, (_, i) => Buffer.from(`"${i}"`));
const noteOf = async (count: number, last = ''): Promise<string> =>
  String((await forge([...entries.slice(0, count), ...(last === '' ? [] : [Buffer.from(last)])])).get('checkpoint'));

describe('a witness', () => {
  it('signs a log that grows, over its own restart, and the verifier counts on it', async () => {
    const log = await openTrail(join(folder.path, 'trail'));
    let server = await serveWitness({ witness: await witness(), host: '127.0.0.1', port: 0, logger: silentLogger });
    const { vkey } = await witness();
    const link = (url: string) => createWitnessLink({ log, url, vkey });
    await link(server.url).submit(log.newestCheckpoint(), never);
    await server.close();
    await log.record([draft(1), draft(2)]);
    server = await serveWitness({ witness: await witness(), host: '127.0.0.1', port: 0, logger: silentLogger });
    const head = await log.checkpoint();
    expect((await link(server.url).submit(head, never)).note).toMatch(/— witness\.example\/w1 \S+\n$/);
    await expect(
      link(server.url).submit({ ...head, note: head.note.replace('\n3\n', '\n4\n') }, never),
    ).rejects.toMatchObject({
      code: 'audit.witness',
    });
    await server.close();
    await expect(link(server.url).submit(head, never)).rejects.toMatchObject({ code: 'audit.witness', retry: 'safe' });
    const files = filesOf(join(folder.path, 'trail', 'log'));
    await log.close();
    const keys = [logKey, parseVkey(vkey)!];
    expect(await judge(files, { keys, maxUnanchored: 0 })).toMatchObject({ exitCode: 0, anchored: 3 });
    // One entry, the stop, came after the last signature.
    expect(await judge(filesOf(join(folder.path, 'trail', 'log')), { keys, maxUnanchored: 0 })).toMatchObject({
      exitCode: 14,
    });
  });

  it('may answer after the next checkpoint was signed, and the log is whole', async () => {
    const log = await openTrail(join(folder.path, 'trail'));
    const server = await serveWitness({ witness: await witness(), host: '127.0.0.1', port: 0, logger: silentLogger });
    const { vkey } = await witness();
    const link = createWitnessLink({ log, url: server.url, vkey });
    const late = log.newestCheckpoint();
    await log.record([draft(1), draft(2)]);
    const head = await log.checkpoint();
    await link.submit(late, never);
    await link.submit(head, never);
    await server.close();
    await log.close();
    const files = filesOf(join(folder.path, 'trail', 'log'));
    const keys = [logKey, parseVkey(vkey)!];
    expect(await judge(files, { keys, maxUnanchored: 1 })).toMatchObject({ exitCode: 0, anchored: 3 });
    // The same line again is no answer of a witness.
    const lines = String(files.get('checkpoints.jsonl'));
    const doubled = new Map(files).set('checkpoints.jsonl', Buffer.from(`${lines}${lines.split('\n')[0]}\n`));
    expect(await judge(doubled, { keys, maxUnanchored: 1 })).toMatchObject({ exitCode: 10 });
  });

  it('refuses a second history of one size, a log that shrank, and a proof that does not hold', async () => {
    const one = await witness();
    const add = async (old: number, note: string, proof = '') =>
      (await one.addCheckpoint(`old ${old}\n${proof}\n${note}`)).status;
    expect(await add(0, await noteOf(4))).toBe(200);
    expect(await add(4, await noteOf(4))).toBe(200);
    expect(await add(4, await noteOf(3, '"other"'))).toBe(409);
    expect(await add(0, await noteOf(5))).toBe(409);
    expect(await add(4, await noteOf(3))).toBe(400);
    expect(await add(3, await noteOf(3))).toBe(409);
    expect(await add(4, await noteOf(5), `${Buffer.alloc(32).toString('base64')}\n`)).toBe(422);
    expect((await one.addCheckpoint(`old 3\n\n${await noteOf(4)}`)).body).toBe('4\n');
  });

  it('signs only for logs that it knows, and only what they signed', async () => {
    const one = await witness();
    const note = await noteOf(4);
    const status = async (body: string) => (await one.addCheckpoint(body)).status;
    expect(await status(`old 0\n\n${note.replace(/^\S+/, 'other.example/log')}`)).toBe(404);
    expect(await status(`old 0\n\n${note.replace('\n4\n', '\n5\n')}`)).toBe(403);
    for (const body of ['', 'old 01\n\n', `old -1\n\n${note}`, `old 0\nxyz\n\n${note}`, `old 0\n\n${note.trim()}`])
      expect(await status(body)).toBe(400);
  });

  it('does not start without its memory', async () => {
    await witness();
    rmSync(join(folder.path, 'w', 'memory.json'));
    await expect(witness()).rejects.toMatchObject({ code: 'audit.witness-memory' });
  });
});
