import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, type PartRecord } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMesDelivery } from './mes-delivery.js';
import type { NudgedMesDelivery } from './mes-delivery.js';
import { openPartStore, type OpenedPartStore } from './part-store.js';

let folder: string;
let mes: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse, uniqueId: string) => void;
const seen = new Map<string, number>();
let store: OpenedPartStore;
let delivery: NudgedMesDelivery | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mes-'));
  seen.clear();
  answer = (_request, response) => response.writeHead(200).end();
  mes = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { UniqueID } = JSON.parse(Buffer.concat(chunks).toString()) as { UniqueID: string };
      seen.set(UniqueID, (seen.get(UniqueID) ?? 0) + 1);
      answer(request, response, UniqueID);
    });
  });
  await new Promise<void>((resolve) => mes.listen(0, '127.0.0.1', resolve));
  const address = mes.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/cfx`;
  store = openPartStore({ folder, maxBytes: 10_000_000, forMes: true });
});
afterEach(async () => {
  await delivery?.close();
  await store.close();
  mes.closeAllConnections();
  mes.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (n: number): PartRecord => ({
  resultId: `r-${n}`,
  station: 'line-1',
  partSeq: n,
  partId: `B${n}`,
  productId: 'D1',
  recipeId: 1,
  encoder: n * 100,
  capturedAt: new Date(1_700_000_000_000 + n).toISOString(),
  clockSynchronised: true,
  simulated: true,
  verdict: 'reject',
  reason: 'open',
  reasonCode: 1,
  detections: [
    {
      label: 'open',
      classIndex: 0,
      score: 0.9,
      box: { xMin: 1, yMin: 2, xMax: 30, yMax: 40 },
      threshold: 0.5,
      provenance: 'bundle',
      counted: true,
    },
  ],
  model: { bundle: 'b', version: '1', variant: 'int8-640', digest: 'd', provider: 'cpu', degradationLevel: 0 },
  thresholdsDigest: 'abc',
  timings: {
    transportMs: 1,
    preprocessMs: 1,
    inferMs: 1,
    runMs: 1,
    postprocessMs: 1,
    decideMs: 1,
    actMs: 1,
    captureToActMs: 7,
  },
  outcome: { kind: 'delivered', code: '' },
  images: [],
});
const start = (timeoutMs = 200): NudgedMesDelivery =>
  (delivery = startMesDelivery(
    { url, timeoutMs, retryMinMs: 10, retryMaxMs: 40 },
    { outbox: store.outbox, log: silentLogger, jitter: () => 0.5 },
  ));
const until = async (done: () => Promise<boolean>): Promise<void> => {
  while (!(await done())) await new Promise((resolve) => setImmediate(resolve));
};

describe('startMesDelivery', () => {
  it('repeats a message with the same UniqueID until the MES says 2xx, in order', async () => {
    let calls = 0;
    answer = (_request, response) => response.writeHead(++calls <= 3 ? 500 : 200).end();
    for (let n = 1; n <= 5; n++) await store.put(record(n), []);
    start();
    await until(async () => (await store.outbox.stats()).delivered === 5);
    expect([...seen.values()]).toEqual([4, 1, 1, 1, 1]);
    expect((await store.outbox.stats()).pending).toBe(0);
  });

  it('recognises by the same id that a lost answer was taken, also after a restart of the station', async () => {
    answer = (request) => request.socket.destroy();
    await store.put(record(1), []);
    start();
    await until(async () => seen.size === 1);
    await delivery?.close();
    await store.close();
    answer = (_request, response) => response.writeHead(200).end();
    store = openPartStore({ folder, maxBytes: 10_000_000, forMes: true });
    start();
    await until(async () => (await store.outbox.stats()).delivered === 1);
    expect(seen.size).toBe(1);
    expect([...seen.values()][0]).toBeGreaterThan(1);
  });

  it('gives up waiting for a hanging MES, keeps the message, and closes at once', async () => {
    answer = () => undefined;
    await store.put(record(1), []);
    start(60);
    await until(async () => delivery?.view().state === 'failing');
    expect((await store.outbox.stats()).pending).toBe(1);
    await delivery?.close();
    expect((await store.outbox.stats()).pending).toBe(1);
  });

  it('tells the MES of an overrule once, however often it is said and sent', async () => {
    const said = { verdict: 'pass', reason: 'dust', by: 'operator' } as const;
    await store.put(record(1), []);
    expect(await store.delivery('r-1')).toMatchObject({ state: 'waiting', open: 1 });
    answer = (_request, response, id) => response.writeHead((seen.get(id) ?? 0) < 3 ? 503 : 200).end();
    await store.overrule('r-1', { ...said, at: '2026-01-01T00:00:01.000Z' });
    await store.overrule('r-1', { ...said, at: '2026-01-01T00:00:02.000Z' });
    expect(await store.delivery('r-1')).toMatchObject({ state: 'waiting', open: 2 });
    start();
    await until(async () => (await store.outbox.stats()).delivered === 2);
    expect(seen.size).toBe(2);
    expect(await store.delivery('r-1')).toEqual({ state: 'delivered', open: 0, attempts: 0, reason: null });
    await store.overrule('r-1', { ...said, verdict: 'reject', at: '2026-01-01T00:00:03.000Z' });
    delivery?.nudge();
    await until(async () => (await store.outbox.stats()).delivered === 3);
    expect(seen.size).toBe(3);
  });

  it('sets a message aside that the MES will never take, and goes on with the next', async () => {
    answer = (_request, response, id) => response.writeHead([...seen.keys()][0] === id ? 400 : 200).end('schema');
    await store.put(record(1), []);
    await store.put(record(2), []);
    start();
    await until(async () => (await store.outbox.stats()).delivered === 1);
    expect(await store.outbox.stats()).toMatchObject({ refused: 1, pending: 0 });
    await until(async () => delivery?.view().dropped === 1);
    expect(await store.delivery('r-1')).toMatchObject({ state: 'refused', reason: expect.stringContaining('400') });
  });
});

describe('openPartStore', () => {
  it('keeps a part once, with its overrule, and finds it by page and verdict', async () => {
    for (let n = 1; n <= 3; n++) await store.put(record(n), []);
    await store.put(record(2), []);
    await store.overrule('r-2', { verdict: 'pass', reason: 'dust', by: 'operator', at: new Date(0).toISOString() });
    expect((await store.get('r-2'))?.overrule?.reason).toBe('dust');
    expect((await store.list({ limit: 5, before: 'r-3' })).map((r) => r.resultId)).toEqual(['r-2', 'r-1']);
    expect(await store.list({ limit: 5, verdict: 'pass' })).toEqual([]);
    expect((await store.outbox.stats()).records).toBe(3);
    await store.writeCounter('inspected', 42);
    expect(await store.readCounter('inspected')).toBe(42);
  });
});
