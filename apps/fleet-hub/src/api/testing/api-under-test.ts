import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { createDashboardServer, dashboardConfigSchema } from '@edge-blueprints/dashboard';
import { createAlertBook } from '../../alerts/alert-book.js';
import type { AlertOutput } from '../../alerts/alert-message.js';
import { createAlertDispatch } from '../../alerts/alert-dispatch.js';
import { createAuditLog } from '../../audit/audit-log.js';
import { createDeviceBook } from '../../devices/device-book.js';
import { readDeviceDetail } from '../../devices/device-detail.js';
import { defaultPresenceLimits } from '../../devices/device-health.js';
import { readFleetSummary } from '../../devices/fleet-summary.js';
import { createLabelQueue } from '../../labels/label-queue.js';
import { migrate } from '../../store/migrate.js';
import { openPgliteStore } from '../../store/pglite-store.js';
import { createHubUsers } from '../../users/hub-users.js';
import { createUserAccess } from '../../users/user-access.js';
import type { HubApiDeps } from '../hub-api-deps.js';
import { hubEndpoints, hubRoutes } from '../hub-routes.js';

export const nowMs = Date.parse('2026-05-01T08:00:00.000Z');
const nowIso = () => new Date(nowMs).toISOString();
export const passwords = {
  viewer: 'seven green bottles',
  operator: 'eight blue kettles',
  admin: 'nine red lanterns',
} as const;
export type Role = keyof typeof passwords;

/** A hub's API on a store in memory, with one user of each role named like it. */
export async function openApiUnderTest() {
  const store = openPgliteStore({ folder: null, maxWaiting: 100 });
  await migrate(store);
  const users = createHubUsers(store, { nowIso });
  for (const role of ['viewer', 'operator', 'admin'] as const) await users.add('test', role, role, passwords[role]);
  const revoked: DeviceIdentity[] = [];
  const acts: string[] = [];
  let tokens = 0;
  const people = createUserAccess(users, {
    fitForRemote: true,
    setUp: null,
    nowMs: () => performance.now(),
    newToken: () => `token-${(tokens += 1)}`,
    logger: silentLogger,
    onSignIn: () => undefined,
  });
  const output: AlertOutput = { name: 'pager', minSeverity: 'alarm', send: () => Promise.resolve() };
  const alerts = createAlertBook(store, { nowIso });
  const book = createDeviceBook(store, defaultPresenceLimits, { epochMs: () => nowMs });
  const alertsOf = (identity: DeviceIdentity) => alerts.list({ state: 'all', ...identity, limit: 50 });
  const deps: HubApiDeps = {
    store,
    fleet: {
      summary: () => readFleetSummary(store, defaultPresenceLimits, nowMs),
      devices: book.page,
      device: (identity) => readDeviceDetail(store, identity, { nowMs, book, alertsOf }),
    },
    alerts,
    dispatch: createAlertDispatch(store, [output], { epochMs: () => nowMs, random: () => 0.5, logger: silentLogger }),
    labels: createLabelQueue(store, { nowIso }),
    audit: createAuditLog(store),
    users,
    refreshSessions: people.refresh,
    revoke: (identity) => (revoked.push(identity), Promise.resolve()),
    metricsText: () => Promise.resolve('hub_devices 1\n'),
    metricsToken: 'scrape-me',
    onAct: (what, id) => acts.push(`${what} ${id}`),
    nowIso,
    signal: new AbortController().signal,
  };
  const server = await createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, { port: 0, apiRate: { perSecond: 1_000, burst: 5_000 } }, 'test'),
      staticFolder: 'none',
      access: people.access,
      liveAccess: 'viewer',
      plainRemote: 'refused',
      routes: hubRoutes(deps),
    },
    { logger: silentLogger, nowMs: () => performance.now() },
  );
  const base = `http://127.0.0.1:${server.port}`;
  const signIn = async (role: Role, password: string = passwords[role]): Promise<Record<string, string>> => {
    const answer = await fetch(`${base}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: role, password }),
    });
    const session: { csrfToken?: string } = JSON.parse(await answer.text());
    return {
      cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
      'x-csrf-token': session.csrfToken ?? '',
    };
  };
  return {
    store,
    base,
    signIn,
    revoked,
    acts,
    endpoints: hubEndpoints(deps),
    ask: (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
      fetch(`${base}${path}`, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}

export type ApiUnderTest = Awaited<ReturnType<typeof openApiUnderTest>>;

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** Two devices, two label tasks with pictures, an alert of a device and one of a site, a drift report. */
export async function fillFleet({ store }: ApiUnderTest): Promise<void> {
  await store.query(
    `INSERT INTO device (site, device, first_seen_at, last_seen_at, online, bundle_version)
     VALUES ('hall', 'd1', $1, $1, true, '2.0'), ('hall', 'd2', $1, $1, true, '2.0')`,
    [nowIso()],
  );
  const candidate = (resultId: string, verdict: string, inclusionProbability: number) => ({
    ...{ resultId, partId: `part-${resultId}`, verdict, score: 0.4, stratum: 'pass', inclusionProbability },
    ...{ bundleVersion: '2.0', detections: [] },
  });
  for (const [id, verdict, probability] of [
    ['r1', 'pass', 0.1],
    ['r2', 'reject', 0.5],
  ] as const) {
    const { rows } = await store.query(
      `INSERT INTO label_task (device_id, result_id, event_at, bundle_version, candidate)
       SELECT id, $1::text, $2::timestamptz, '2.0', $3::jsonb FROM device WHERE device = 'd1' RETURNING id`,
      [id, nowIso(), JSON.stringify(candidate(id, verdict, probability))],
    );
    await store.query(
      "INSERT INTO label_picture (task_id, role, mime, width, height, bytes) VALUES ($1, 'test', 'image/png', 8, 8, $2)",
      [Number(rows[0]?.['id']), png],
    );
  }
  await store.query(
    `INSERT INTO alert (site, device, kind, severity, text, raised_at)
     VALUES ('hall', 'd1', 'gap', 'warning', 'Declared as lost', $1), ('hall', '*', 'offline', 'alarm', '40 devices', $1)`,
    [nowIso()],
  );
  const report = {
    ...{ bundle: 'pcb', bundleVersion: '2.0', windowFrom: nowIso(), windowTo: nowIso(), parts: 500 },
    ...{
      falseAlarmsPerMonth: 1,
      features: [],
      estimatedAccuracy: { value: 0.97, low: 0.95, high: 0.99, samples: 500 },
    },
  };
  await store.query(
    `INSERT INTO drift_report (device_id, event_at, report) SELECT id, $1::timestamptz, $2::jsonb FROM device WHERE device = 'd1'`,
    [nowIso(), JSON.stringify(report)],
  );
}
