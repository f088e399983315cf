/**
 * A development aid: serves the built page with an invented fleet behind it, so that the page can be worked on without a
 * hub. `node tools/run.mjs apps/fleet-hub/web/dev/fixture-server.ts [port] [devices]`. Any password but `wrong` signs in
 * `viewer`, `operator` or `admin`. POST /dev/scenario/<name> changes the story: trouble, calm, site-down, hole, silent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { AlertView, HubRole, HubSessionView, HubUserView, LabelAccuracyView } from '@edge-blueprints/contracts';
import { body, json, problem, serveFixture } from '../../../../tools/web-look/fixture-server.js';
import {
  inventedAlerts,
  inventedAudit,
  inventedDevice,
  inventedDrift,
  inventedPicture,
  inventedTasks,
} from './invented-detail.js';
import { createInventedFleet, scenarios, shownRows } from './invented-fleet.js';
import type { Scenario } from './invented-fleet.js';

const port = Number(process.argv[2] ?? 4220);
const devices = Number(process.argv[3] ?? 5);
const dist = join(import.meta.dirname, '..', 'dist');
const fleet = createInventedFleet(devices, 7);
const audit = inventedAudit();
const tasks = inventedTasks(fleet.rows);
let alerts = inventedAlerts(fleet.rows);
let scenario: Scenario = 'trouble';
let user: HubSessionView['user'] = null;
let users: HubUserView[] = (['admin', 'operator', 'viewer'] as const).map((role) => ({
  name: role === 'operator' ? 'mira' : role === 'viewer' ? 'wall' : 'admin',
  role,
  disabled: false,
  createdAt: '2026-10-01T08:00:00.000Z',
  lastSignInAt: role === 'viewer' ? null : '2026-11-20T06:12:00.000Z',
}));

const session = (): HubSessionView => ({ user, csrfToken: user === null ? null : 'fixture-token', secure: false });

function accuracy(): LabelAccuracyView {
  const labelled = 412 + tasks.filter((task) => task.label !== null).length;
  const half = 0.4 / Math.sqrt(labelled);
  return {
    bundleVersion: '1.4.0',
    labelled,
    accuracy: { value: 0.968, low: 0.968 - half, high: 0.968 + half },
    escapeShare: { value: 0.021, low: 0.004, high: 0.021 + 2 * half },
    falseRejectShare: { value: 0.034, low: 0.019, high: 0.034 + 2 * half },
    estimated: { value: 0.962, low: 0.948, high: 0.974 },
  };
}

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname;
  const method = request.method ?? 'GET';
  if (method === 'POST' && path.startsWith('/dev/scenario/')) {
    scenario = scenarios.find((each) => path.endsWith(`/${each}`)) ?? 'trouble';
    return json(response, { scenario });
  }
  if (path === '/api/session') return json(response, session());
  if (path === '/api/sign-in') {
    const { user: name, password } = await body(request);
    if (password === 'wrong') return problem(response, 401, 'users.refused', 'User and password do not fit.');
    const role: HubRole = name === 'viewer' ? 'viewer' : name === 'operator' ? 'operator' : 'admin';
    user = { name: String(name), role };
    return json(response, session());
  }
  if (path === '/api/sign-out') {
    user = null;
    return json(response, session());
  }
  if (user === null) return problem(response, 401, 'dashboard.sign-in-needed', 'Sign in to do this');
  if (method !== 'GET' && request.headers['x-csrf-token'] !== 'fixture-token')
    return problem(
      response,
      403,
      'dashboard.csrf-refused',
      'The header x-csrf-token is missing or old; reload the page',
    );
  return read(request, response, url, method);
}

async function read(request: IncomingMessage, response: ServerResponse, url: URL, method: string): Promise<void> {
  const [, , resource, first = '', second = '', third] = url.pathname.split('/').map(decodeURIComponent);
  if (resource === 'fleet') return json(response, fleet.summary(scenario, Date.now()));
  if (resource === 'devices' && first === '') {
    const rows = shownRows(fleet, scenario).slice(0, Number(url.searchParams.get('limit') ?? 100));
    return json(response, { total: rows.length, offset: 0, rows });
  }
  if (resource === 'devices') {
    const index = fleet.rows.findIndex((row) => row.site === first && row.device === second);
    const row = fleet.rows[index];
    if (row === undefined) return problem(response, 404, 'devices.unknown', `There is no device ${first}/${second}`);
    if (third === 'revoke') {
      fleet.rows[index] = { ...row, health: 'revoked', reason: `revoked by ${user?.name ?? ''}` };
      sockets.emit('devices', [fleet.rows[index]]);
      return json(response, {});
    }
    return json(response, inventedDevice(row, alerts));
  }
  if (resource === 'drift') return json(response, inventedDrift(fleet.rows));
  if (resource === 'alerts') {
    if (second === 'acknowledge') {
      const { note } = await body(request);
      const taken: Partial<AlertView> = {
        acknowledgedBy: user?.name ?? '',
        acknowledgedAt: new Date().toISOString(),
        note: String(note),
      };
      alerts = alerts.map((alert) => (String(alert.id) === first ? { ...alert, ...taken } : alert));
      for (const alert of alerts) if (String(alert.id) === first) sockets.emit('alert', alert);
      return json(response, {});
    }
    if (first === 'test') return json(response, {});
    const open = url.searchParams.get('state') !== 'all';
    const shown = scenario === 'calm' ? alerts.filter((alert) => alert.clearedAt !== null) : alerts;
    return json(response, open ? shown.filter((alert) => alert.clearedAt === null) : shown);
  }
  if (resource === 'labels') return labels(request, response, method, first, second, third);
  if (resource === 'audit') {
    const words = (url.searchParams.get('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const before = Number(url.searchParams.get('before') ?? Number.MAX_SAFE_INTEGER);
    const found = audit.filter(
      (entry) => entry.id < before && words.every((word) => JSON.stringify(entry).toLowerCase().includes(word)),
    );
    return json(response, found.slice(0, Number(url.searchParams.get('limit') ?? 100)));
  }
  if (resource === 'users') {
    if (method === 'GET') return json(response, users);
    const change = await body(request);
    const role: HubRole = change['role'] === 'admin' ? 'admin' : change['role'] === 'operator' ? 'operator' : 'viewer';
    if (method === 'POST') {
      const name = String(change['name']);
      if (users.some((each) => each.name === name))
        return problem(response, 409, 'users.exists', `${name} is there already`);
      users = [...users, { name, role, disabled: false, createdAt: new Date().toISOString(), lastSignInAt: null }];
    } else
      users = users.map((each) =>
        each.name === first
          ? { ...each, role: 'role' in change ? role : each.role, disabled: change['disabled'] === true }
          : each,
      );
    return json(response, {});
  }
  return problem(response, 404, 'dashboard.route-unknown', `There is no ${method} ${url.pathname}`);
}

async function labels(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  first: string,
  second: string,
  third: string | undefined,
): Promise<void> {
  if (first === 'accuracy') return json(response, accuracy());
  if (second === 'pictures') {
    response
      .writeHead(200, { 'content-type': 'image/svg+xml' })
      .end(inventedPicture(Number(first), third === 'test' && Number(first) % 3 === 1));
    return;
  }
  if (first === '') {
    const open = scenario === 'calm' ? [] : tasks.filter((task) => task.label === null);
    return json(response, { open: open.length, done: 412 + tasks.length - open.length, tasks: open.slice(0, 30) });
  }
  const index = tasks.findIndex((task) => String(task.id) === first);
  const task = tasks[index];
  if (task === undefined) return problem(response, 404, 'labels.unknown', `There is no label task ${first}`);
  const { truth, note } = await body(request);
  tasks[index] =
    method === 'DELETE'
      ? { ...task, label: null }
      : {
          ...task,
          label: {
            truth: truth === 'bad' ? 'bad' : 'good',
            by: user?.name ?? '',
            at: new Date().toISOString(),
            note: String(note ?? ''),
          },
        };
  sockets.emit('labels', { open: tasks.length, accuracy: accuracy() });
  return json(response, {});
}

const sockets = serveFixture({
  port,
  dist,
  api,
  greeting: (url) => `${devices} invented devices at ${url} (viewer, operator or admin)`,
});
setInterval(() => {
  if (scenario === 'silent') return;
  sockets.volatile.emit('fleet', fleet.summary(scenario, Date.now()));
  sockets.emit('devices', fleet.step(scenario, Date.now()));
}, 1_000).unref();
