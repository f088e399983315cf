import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import type { PartRecord } from '@edge-blueprints/contracts';
import { createDashboardServer, createPinAccess, dashboardConfigSchema } from '@edge-blueprints/dashboard';
import type { DashboardServer } from '@edge-blueprints/dashboard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createThresholdBook } from '../decide/threshold-book.js';
import { partRecord } from '../record/part-record.js';
import { openPartStore } from '../record/part-store.js';
import type { OpenedPartStore } from '../record/part-store.js';
import { aDefect, aFrame, aJudgement, aTrigger, aView } from '../testing/fakes.js';
import { partRoutes } from './part-routes.js';
import { stationRoutes } from './station-routes.js';

const context = { station: 'aoi-1', simulated: true, clockSynchronised: true, epochMs: () => 0 };
const sha256 = 'a'.repeat(64);
let folder: string;
let store: OpenedPartStore;
let server: DashboardServer;
let acts: unknown[];
let golden: 'started' | 'running' | 'no-set';
let cookie: string;

function aRecord(resultId: string, rejected: boolean): PartRecord {
  const decision = rejected ? ({ kind: 'reject', defects: [aDefect()] } as const) : ({ kind: 'pass' } as const);
  const act = {
    trigger: aTrigger(),
    decision,
    verdict: decision.kind,
    reason: '',
    reasonCode: 0,
    outcome: { kind: 'delivered', atMs: 9 },
    actMs: 1,
    atMs: 9,
  } as const;
  return partRecord({ frame: aFrame(), judgement: aJudgement(decision), act }, resultId, context);
}

beforeEach(() => {
  acts = [];
  golden = 'started';
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'station-api-'));
  store = openPartStore({ folder, maxBytes: 50_000_000, forMes: false });
  await store.put(aRecord('r1', true), [
    { role: 'test', bytes: Uint8Array.of(1, 2, 3), mime: 'image/png', width: 1, height: 1, sha256 },
  ]);
  await store.put(aRecord('r2', false), []);
  const book = createThresholdBook({
    labels: ['open'],
    bundle: [{ label: 'open', threshold: 0.5, provenance: 'bundle' }],
    recipe: [],
    operator: [],
    regions: [],
  });
  server = await createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, { port: 0 }, 'test'),
      staticFolder: join(folder, 'none'),
      access: createPinAccess({
        pin: '4711',
        pinConfigured: true,
        nowMs: () => performance.now(),
        newToken: () => 'token',
      }),
      liveAccess: 'public',
      plainRemote: 'allowed',
      routes: [
        ...partRoutes({
          store,
          nowIso: () => '2026-01-01T00:00:00.000Z',
          onOverruled: ({ resultId }) => acts.push(['overruled', resultId]),
        }),
        ...stationRoutes({
          view: aView,
          health: () => ({ ok: true }),
          thresholds: book.view,
          setThreshold: (...change) => {
            acts.push(change);
            book.setByOperator(change[0], change[1], change[2]);
          },
          startGoldenCheck: () => golden,
          store,
          validationScores: null,
          drift: () => null,
          prometheus: async () => 'edge_parts_total 1\n',
        }),
      ],
    },
    { logger: silentLogger, nowMs: () => performance.now() },
  );
  cookie = ((await send('POST', '/api/sign-in', { pin: '4711' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});

afterAll(async () => {
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
const send = (method: 'POST' | 'PUT', path: string, body: unknown, signedIn = '') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', cookie: signedIn },
    body: JSON.stringify(body),
  });

describe('station API', () => {
  it('gives the view, the newest parts first, one part, and its picture to keep', async () => {
    expect(await (await get('/api/view')).json()).toMatchObject({ station: 'aoi-1' });
    const ids = async (path: string) =>
      ((await (await get(path)).json()) as PartRecord[]).map(({ resultId }) => resultId);
    expect(await ids('/api/parts')).toEqual(['r2', 'r1']);
    expect(await ids('/api/parts?limit=1&before=r2')).toEqual(['r1']);
    expect(await ids('/api/parts?verdict=pass')).toEqual(['r2']);
    expect(await (await get('/api/parts/r1')).json()).toMatchObject({ resultId: 'r1', verdict: 'reject' });
    const image = await get(`/api/images/${sha256}`);
    expect([
      image.headers.get('content-type'),
      image.headers.get('cache-control'),
      [...new Uint8Array(await image.arrayBuffer())],
    ]).toEqual(['image/png', expect.stringContaining('immutable'), [1, 2, 3]]);
  });

  it.each([
    ['/api/parts?limit=0', 400, 'request.invalid'],
    ['/api/parts?colour=red', 400, 'request.invalid'],
    ['/api/parts/none', 404, 'parts.not-found'],
    ['/api/images/none', 404, 'images.not-found'],
    ['/api/thresholds/7/cost', 404, 'thresholds.class-unknown'],
  ])('answers %s with %i and its code', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code, message: expect.any(String) }]);
  });

  it.each([
    ['POST', '/api/parts/r1/overrule', { verdict: 'pass', reason: 'dust on the lens' }],
    ['POST', '/api/golden/run', {}],
    ['PUT', '/api/thresholds', { classIndex: 0, threshold: 0.6, reason: 'fewer false rejects' }],
  ] as const)('refuses %s %s without a signed-in operator', async (method, path, body) => {
    expect((await send(method, path, body)).status).toBe(401);
    expect(acts).toEqual([]);
  });

  it('records an overrule with its reason', async () => {
    const answer = await send(
      'POST',
      '/api/parts/r1/overrule',
      { verdict: 'pass', reason: 'dust on the lens' },
      cookie,
    );
    expect(answer.status).toBe(200);
    expect(await store.get('r1')).toMatchObject({
      verdict: 'reject',
      overrule: { verdict: 'pass', reason: 'dust on the lens', by: 'operator', at: '2026-01-01T00:00:00.000Z' },
    });
    expect(acts).toEqual([['overruled', 'r1']]);
    expect((await send('POST', '/api/parts/r1/overrule', { verdict: 'pass', reason: '  ' }, cookie)).status).toBe(400);
    expect((await send('POST', '/api/parts/none/overrule', { verdict: 'pass', reason: 'dust' }, cookie)).status).toBe(
      404,
    );
  });

  it('tells what the MES knows of a part', async () => {
    expect(await (await get('/api/parts/r1/delivery')).json()).toMatchObject({ state: 'off' });
    expect((await get('/api/parts/none/delivery')).status).toBe(404);
  });

  it('moves a threshold with a reason and shows what it would have cost', async () => {
    const cost = (await (await get('/api/thresholds/0/cost')).json()) as {
      threshold: number;
      rejects: number;
      of: number;
    }[];
    expect(cost.find(({ threshold }) => threshold === 0.5)).toMatchObject({ rejects: 1, of: 2 });
    expect(cost.find(({ threshold }) => threshold === 0.92)).toMatchObject({ rejects: 0, of: 2 });
    const moved = await send(
      'PUT',
      '/api/thresholds',
      { classIndex: 0, threshold: 0.6, reason: 'fewer false rejects' },
      cookie,
    );
    expect(await moved.json()).toMatchObject([
      { threshold: 0.6, bundleThreshold: 0.5, provenance: 'fewer false rejects' },
    ]);
    expect(
      (await send('PUT', '/api/thresholds', { classIndex: 0, threshold: 0, reason: 'everything' }, cookie)).status,
    ).toBe(400);
    expect(
      (await send('PUT', '/api/thresholds', { classIndex: 5, threshold: 0.5, reason: 'no class' }, cookie)).status,
    ).toBe(404);
    expect(acts).toEqual([[0, 0.6, 'fewer false rejects']]);
  });

  it('starts a golden check, or says why not', async () => {
    const run = async () => (await send('POST', '/api/golden/run', {}, cookie)).status;
    expect(await run()).toBe(202);
    golden = 'running';
    expect(await run()).toBe(409);
  });
});
