import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cameraSchema } from '@edge-blueprints/cameras';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import type { RetailRelease } from '@edge-blueprints/contracts';
import { createDashboardServer, createPinAccess, dashboardConfigSchema } from '@edge-blueprints/dashboard';
import type { DashboardServer } from '@edge-blueprints/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationErrors, openPlanFiles } from '../store/plan-files.js';
import type { PlanFiles } from '../store/plan-files.js';
import { aBudget, aPlan, aRelease, aView } from '../testing/a-view.js';
import { planRoutes } from './plan-routes.js';
import { releaseRoutes } from './release-routes.js';
import { storeRoutes } from './store-routes.js';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
let folder: string;
let files: PlanFiles;
let server: DashboardServer;
let cookie: string;
let monotonicMs = 0;
const audits: string[] = [];
const asked: unknown[] = [];

/** Nine marks on a floor of 4 x 4 m, seen by a camera that looks down at an angle. */
const points = [0, 2, 4].flatMap((x) =>
  [0, 2, 4].map((y) => {
    const w = 1 + 0.1 * y;
    return { pixel: [(100 + 80 * x) / w, (300 - 50 * y) / w] as const, floor: [x, y] as const };
  }),
);
const square = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
];
const save = { points, mount: 'oblique', heightM: 3, nadir: [2, -1], authority: square, reason: 'new mount' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-api-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(aPlan));
  const camera = {
    id: 'aisles',
    source: parseConfig(cameraSchema, { kind: 'folder', id: 'aisles', folder }, 'test'),
    calibration: join(folder, 'calibration-aisles.json'),
    mount: 'oblique' as const,
    floorFramesPerS: 8,
  };
  files = openPlanFiles(join(folder, 'plan.json'), [camera]);
  const releases = (filter: unknown): readonly RetailRelease[] => (asked.push(filter), [aRelease()]);
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
        ...storeRoutes({
          view: aView,
          health: () => ({ ok: true }),
          prometheus: async () => 'edge_camera_rate 8\n',
          budget: () => aBudget,
          ledgerHead: () => ({ entry: 2, hash: 'a'.repeat(64) }),
          refusals: () => [],
          calibrationPicture: undefined,
        }),
        ...releaseRoutes({
          epochMs: () => nowMs,
          releases,
          csv: (list) => `releases\r\n${list.length}\r\n`,
          parquet: async () => Uint8Array.of(80, 65, 82, 49),
        }),
        ...planRoutes({
          cameras: ['aisles'],
          nowMs: () => monotonicMs,
          editPlan: (plan, reason, who) => (audits.push(`${who} ${reason}`), files.savePlan(plan)),
          calibration: files.calibration,
          checkPoints: (given) => {
            monotonicMs += 40;
            return calibrationErrors(given);
          },
          saveCalibration: (name, values) =>
            files.saveCalibration(name, values, { width: 640, height: 360 }, new Date(nowMs)),
        }),
      ],
    },
    { logger: silentLogger, nowMs: () => performance.now() },
  );
  cookie = (await call('post', '/api/sign-in', { pin: '4711' })).headers.get('set-cookie')?.split(';')[0] ?? '';
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function call(method: string, path: string, body?: unknown, signedIn = false): Promise<Response> {
  const origin = `http://127.0.0.1:${server.port}`;
  return fetch(`${origin}${path}`, {
    method,
    headers: { origin, 'content-type': 'application/json', ...(signedIn ? { cookie } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
}
const problemOf = async (response: Response) => JSON.stringify(await response.json());

describe('store API', () => {
  it('shows the view, the ledger and the metrics to whoever reaches the page', async () => {
    expect(await (await call('get', '/api/view')).json()).toEqual(aView());
    expect(await (await call('get', '/api/ledger')).json()).toMatchObject({ budget: aBudget, head: { entry: 2 } });
    expect(await (await call('get', '/metrics')).text()).toContain('edge_camera_rate 8');
  });

  it('lists releases of a time, of the last day unless told otherwise, and refuses what is no time', async () => {
    await call('get', '/api/releases');
    expect(asked.at(-1)).toEqual({ fromEpochMs: nowMs - 86_400_000, toEpochMs: nowMs });
    await call('get', '/api/releases?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&metric=dwell');
    expect(asked.at(-1)).toEqual({
      fromEpochMs: Date.parse('2026-11-20T00:00:00Z'),
      toEpochMs: Date.parse('2026-11-21T00:00:00Z'),
      metric: 'dwell',
    });
    for (const query of ['from=yesterday', 'metric=faces', 'from=2027-01-01T00:00:00Z', 'from=2020-01-01T00:00:00Z'])
      expect((await call('get', `/api/releases?${query}`)).status).toBe(400);
  });

  it('exports one metric as a file', async () => {
    const csv = await call('get', '/api/export.csv?metric=counts');
    expect(csv.headers.get('content-disposition')).toContain('counts.csv');
    expect(await csv.text()).toBe('releases\r\n1\r\n');
    const parquet = await call('get', '/api/export.parquet?metric=counts');
    expect(new Uint8Array(await parquet.arrayBuffer())).toEqual(Uint8Array.of(80, 65, 82, 49));
    expect((await call('get', '/api/export.csv')).status).toBe(400);
  });

  it('shows no picture in the default build, not even to an operator', async () => {
    expect((await call('get', '/api/camera/aisles/picture.png')).status).toBe(401);
    const refused = await call('get', '/api/camera/aisles/picture.png', undefined, true);
    expect(refused.status).toBe(404);
    expect(await problemOf(refused)).toContain('store.pictures-off');
  });

  it('keeps an edited plan under the next revision, whole or not at all, for an operator with a reason', async () => {
    const edit = { plan: { ...aPlan, name: 'Wider bakery' }, reason: 'shelf moved' };
    expect((await call('post', '/api/plan', edit)).status).toBe(401);
    expect((await call('post', '/api/plan', { plan: aPlan }, true)).status).toBe(400);
    const kept = await call('post', '/api/plan', edit, true);
    expect(await kept.json()).toMatchObject({ revision: 2, name: 'Wider bakery' });
    expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))).toMatchObject({ revision: 2 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.next'))).toEqual([]);
    expect(audits).toEqual(['operator shelf moved']);

    const late = await call('post', '/api/plan', edit, true);
    expect(late.status).toBe(409);
    expect(await problemOf(late)).toContain('store.plan-outdated');
  });

  it('begins with a first plan that cannot be written, and keeps edits beside the state', () => {
    const [first, kept] = [join(folder, 'first-plan.json'), join(folder, 'state/plan.json')];
    expect(() => openPlanFiles(kept, [], first)).toThrow(expect.objectContaining({ code: 'store.plan-missing' }));
    writeFileSync(first, JSON.stringify(aPlan));
    openPlanFiles(kept, [], first).savePlan(aPlan);
    expect(openPlanFiles(kept, [], first).plan().revision).toBe(aPlan.revision + 1);
    expect(JSON.parse(readFileSync(first, 'utf8'))).toEqual(aPlan);
  });

  it('refuses a plan that cannot be measured by and tells every problem', async () => {
    const bowTie = [
      [1, 1],
      [3, 3],
      [3, 1],
      [1, 3],
    ];
    const plan = {
      ...files.plan(),
      zones: [{ id: 'bakery', name: 'Bakery', polygon: bowTie }],
      lines: [{ id: 'entrance', name: 'Entrance', from: [4, 1], to: [40, 1], inside: 'left' }],
    };
    const refused = await call('post', '/api/plan', { plan, reason: 'try' }, true);
    expect(refused.status).toBe(400);
    const problem = await problemOf(refused);
    for (const part of ['zones[0] bakery', 'crosses', 'lines[0] entrance', 'outside']) expect(problem).toContain(part);
    expect(files.plan().revision).toBe(2);
  });

  it('tells the error of clicked points in centimetres to everybody and keeps a calibration for an operator', async () => {
    const errors = await (await call('post', '/api/calibration/aisles/check', { points })).json();
    expect(errors).toMatchObject({ deployable: true, residualsCm: points.map(() => 0) });
    expect((await call('post', '/api/calibration/aisles/check', { points })).status).toBe(429);
    monotonicMs += 1_000;
    const wrong = points.map((point, i) => (i === 4 ? { ...point, floor: [3, 2] } : point));
    expect(await (await call('post', '/api/calibration/aisles/check', { points: wrong })).json()).toMatchObject({
      deployable: false,
    });
    expect((await call('post', '/api/calibration/aisles', save)).status).toBe(401);
    expect((await call('post', '/api/calibration/roof', save, true)).status).toBe(404);
    const refused = await call('post', '/api/calibration/aisles', { ...save, points: wrong }, true);
    expect(refused.status).toBe(400);
    expect(await problemOf(refused)).toContain('retail.calibration');
    const kept = await call('post', '/api/calibration/aisles', save, true);
    expect(await kept.json()).toMatchObject({
      camera: 'aisles',
      imageWidth: 640,
      calibratedAt: '2026-11-22T12:00:00.000Z',
    });
    expect(await (await call('get', '/api/calibration/aisles')).json()).toMatchObject({ mount: 'oblique' });
  });
});
