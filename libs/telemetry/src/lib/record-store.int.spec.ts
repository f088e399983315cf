import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecordStore } from './open-record-store.js';
import type { RecordInput, RecordStore } from './record-store-port.js';

let folder: string;
let opened: RecordStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-store-'));
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'parts.sqlite');
const open = (maxBytes = 10_000_000): RecordStore => {
  const store = openRecordStore({ file: file(), maxBytes });
  opened.push(store);
  return store;
};
const picture = (seed: number, size: number, priority: 'low' | 'high') => {
  const bytes = new Uint8Array(size).fill(seed % 251);
  bytes.set(new Uint8Array(new Uint32Array([seed]).buffer));
  return { sha256: createHash('sha256').update(bytes).digest('hex'), mime: 'image/png', bytes, priority };
};
const part = (
  n: number,
  options: { size?: number; priority?: 'low' | 'high'; message?: string | null } = {},
): RecordInput => ({
  key: `part-${n}`,
  atEpochMs: 1000 + n,
  tag: n % 2 ? 'reject' : 'pass',
  body: JSON.stringify({ n }),
  blobs: [picture(n, options.size ?? 100, options.priority ?? 'high')],
  message: options.message === undefined ? `message ${n}` : options.message,
});

describe('openRecordStore', () => {
  it('gives back what it stored, newest first, by tag and page', async () => {
    const store = open();
    for (let n = 0; n < 5; n++) expect(await store.put(part(n))).toEqual({ kind: 'stored' });
    expect(await store.put(part(3))).toEqual({ kind: 'duplicate' });
    expect((await store.list({ limit: 2 })).map((r) => r.key)).toEqual(['part-4', 'part-3']);
    expect((await store.list({ limit: 9, before: 4 })).map((r) => r.key)).toEqual(['part-2', 'part-1', 'part-0']);
    expect((await store.list({ limit: 9, tag: 'reject' })).map((r) => r.key)).toEqual(['part-3', 'part-1']);
    const blob = picture(2, 100, 'high');
    expect((await store.blob(blob.sha256))?.bytes).toEqual(blob.bytes);
    expect(await store.amend('part-2', '{"n":2,"overrule":true}')).toBe(true);
    expect((await store.get('part-2'))?.body).toContain('overrule');
    expect(await store.amend('unknown', '{}')).toBe(false);
  });

  it('stores a picture once that a record names twice', async () => {
    const store = open();
    const [blob] = part(1).blobs;
    expect(await store.put({ ...part(1), blobs: blob ? [blob, blob] : [] })).toEqual({ kind: 'stored' });
    expect((await store.stats()).bytes).toBeLessThan(200);
  });

  it('keeps a message until it is acknowledged, across a restart, and counts a refused one', async () => {
    const first = open();
    for (let n = 0; n < 3; n++) await first.put(part(n));
    const [a, b] = await first.pending(2);
    await first.acknowledge(a?.id ?? -1);
    await first.acknowledge(a?.id ?? -1);
    await first.fail(b?.id ?? -1, 'HTTP 400', true);
    await first.close();
    const second = open();
    expect((await second.pending(9)).map((m) => m.message)).toEqual(['message 2']);
    expect(await second.stats()).toMatchObject({ records: 3, pending: 1, delivered: 1, refused: 1 });
  });

  it('makes room by low-priority blobs first, then delivered ones, never by undelivered records', async () => {
    const store = open(5_000);
    await store.put(part(0, { size: 1500, priority: 'low' }));
    await store.put(part(1, { size: 1500 }));
    await store.put(part(2, { size: 1500 }));
    await store.put(part(3, { size: 1500 }));
    expect(await store.blob(picture(0, 1500, 'low').sha256)).toBeUndefined();
    expect(await store.get('part-0')).toBeDefined();
    await expect(store.put(part(4, { size: 1500 }))).rejects.toMatchObject({ code: 'store.full' });
    expect(await store.get('part-4')).toBeUndefined();
    const [, second] = await store.pending(2);
    await store.acknowledge(second?.id ?? -1);
    expect(await store.put(part(5, { size: 1500 }))).toEqual({ kind: 'stored' });
    expect(await store.blob(picture(1, 1500, 'high').sha256)).toBeUndefined();
    expect(await store.blob(picture(2, 1500, 'high').sha256)).toBeDefined();
    expect(await store.stats()).toMatchObject({ evictedBlobs: 2, rejectedFull: 1 });
    expect((await store.stats()).bytes).toBeLessThanOrEqual(5_000);
  });

  it('refuses a file that is not a store and leaves it untouched', async () => {
    writeFileSync(file(), 'not a database, but long enough to look like a header of one');
    await expect(open().stats()).rejects.toMatchObject({ code: 'store.corrupt' });
  });

  it('loses nothing that was reported as stored when the process is killed', async () => {
    const script = `
      const { openRecordStore } = await import(${JSON.stringify(new URL('./open-record-store.ts', import.meta.url).href)});
      const store = openRecordStore({ file: ${JSON.stringify(file())}, maxBytes: 1e8 });
      for (let n = 0; ; n++) {
        await store.put({ key: 'k' + n, atEpochMs: n, tag: 't', body: '{}', blobs: [], message: 'm' + n });
        process.stdout.write(n + '\\n');
      }`;
    for (let round = 0; round < 2; round++) {
      rmSync(folder, { recursive: true, force: true });
      const child = spawn(
        process.execPath,
        ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--input-type=module', '-e', script],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const said = await new Promise<string>((resolve) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text.length > 200 + 150 * round) child.kill('SIGKILL');
        });
        child.on('close', () => resolve(text));
      });
      const reported = said.split('\n').slice(0, -1).length;
      expect(reported).toBeGreaterThan(20);
      const store = openRecordStore({ file: file(), maxBytes: 1e8 });
      const keys = new Set((await store.list({ limit: 100_000 })).map((r) => r.key));
      const messages = (await store.pending(100_000)).map((m) => m.message);
      await store.close();
      for (let n = 0; n < reported; n++) expect(keys.has(`k${n}`)).toBe(true);
      expect(messages).toHaveLength(keys.size);
    }
  });
});
