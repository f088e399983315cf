/**
 * A development aid: serves the built page with an invented ward behind it, so that the page can be worked on without a
 * gateway. `node tools/run.mjs apps/ward-monitoring/web/dev/fixture-server.ts [port] [beds]`. Any PIN but `0000` signs in;
 * the name is the role: nurse, charge-nurse, physician, technical, auditor. POST /dev/scenario/<name> changes the story: usual,
 * calm, flood, trouble, silent (no beats, no views).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { alarmActSchema, wardRights, wardRoles } from '@edge-blueprints/contracts';
import type { AlarmSnapshot, WardRight, WardRole, WardSession } from '@edge-blueprints/contracts';
import { body, json, problem, serveFixture } from '../../../../tools/web-look/fixture-server.js';
import {
  inventedAlarmHistory,
  inventedAudit,
  inventedEvidence,
  inventedHandover,
  inventedHistory,
} from './invented-records.js';
import { createInventedWard, scenarios } from './invented-ward.js';
import type { Scenario } from './invented-ward.js';

const port = Number(process.argv[2] ?? 4240);
const beds = Number(process.argv[3] ?? 12);
const ward = createInventedWard(beds, 7);
const acts = new Map<string, Partial<AlarmSnapshot>>();
const audit = inventedAudit(Date.now());
let scenario: Scenario = 'usual';
let session: WardSession | null = null;

const view = () => ward.view(scenario, Date.now(), acts);
const bedside = wardRights.filter((right) => !['scale', 'shelve', 'unshelve', 'audit'].includes(right));
const rights: Readonly<Record<WardRole, readonly WardRight[]>> = {
  wall: [],
  nurse: bedside,
  'charge-nurse': [...bedside, 'shelve', 'unshelve'],
  physician: wardRights.filter((right) => right !== 'audit'),
  technical: ['association'],
  auditor: ['audit', 'history'],
  admin: [],
};

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const method = request.method ?? 'GET';
  const [, area, resource = '', first = '', second = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (area === 'dev') {
    scenario = scenarios.find((each) => each === first) ?? 'usual';
    acts.clear();
    return json(response, { scenario });
  }
  if (resource === 'view') return json(response, view());
  if (resource === 'session') return signing(request, response, method);
  if (session === null) return problem(response, 401, 'ward.sign-in-needed', 'Sign in to do this');
  if (resource === 'handover') return json(response, inventedHandover(view(), Date.now()));
  if (resource === 'audit') return trail(response, url, first);
  if (resource === 'alarms' && first === 'history') return json(response, inventedAlarmHistory(view(), Date.now()));
  if (resource === 'alarms') return act(response, await body(request));
  if (resource === 'beds' && second === 'history')
    return json(response, inventedHistory(`bed/${first}`, Number(url.searchParams.get('hours') ?? 12), Date.now()));
  if (resource === 'beds' && second === 'patient') return json(response, { name: 'Invented Person', ageYears: 71 });
  if (resource === 'beds') return json(response, { outcome: 'done' });
  return problem(response, 404, 'ward.route-unknown', `There is no ${method} ${url.pathname}`);
}

async function signing(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
  if (method === 'DELETE') session = null;
  if (method === 'POST') {
    const { name, pin } = await body(request);
    if (pin === '0000') return problem(response, 401, 'ward.refused', 'Name and PIN do not fit.');
    const role = wardRoles.find((each) => each === name) ?? 'nurse';
    session = { name: String(name), role, may: rights[role] };
  }
  return json(response, session);
}

function act(response: ServerResponse, wanted: unknown): void {
  const parsed = alarmActSchema.safeParse(wanted);
  if (!parsed.success) return json(response, { outcome: 'refused', why: parsed.error.message });
  if (!('alarmId' in parsed.data)) return json(response, { outcome: 'done' });
  const { alarmId } = parsed.data;
  const by = session?.name ?? '';
  const atMs = Date.now();
  const change: Partial<AlarmSnapshot> =
    parsed.data.act === 'acknowledge'
      ? { phase: 'acknowledged', acknowledged: { by, atMs, expiresMs: atMs + 180_000 } }
      : parsed.data.act === 'accept'
        ? { responsibility: 'accepted', owner: by }
        : parsed.data.act === 'reset'
          ? { phase: 'ended' }
          : { responsibility: 'offered', owner: 'charge.nurse' };
  acts.set(alarmId, { ...acts.get(alarmId), ...change });
  sockets.emit('view', view());
  return json(response, { outcome: 'done' });
}

function trail(response: ServerResponse, url: URL, first: string): void {
  const entry = audit.find(({ seq }) => String(seq) === first);
  if (entry !== undefined) return json(response, inventedEvidence(entry));
  const words = (url.searchParams.get('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const before = Number(url.searchParams.get('before') ?? Number.MAX_SAFE_INTEGER);
  const found = audit.filter(
    (each) => each.seq < before && words.every((word) => JSON.stringify(each).toLowerCase().includes(word)),
  );
  return json(response, {
    size: audit.length,
    entries: found.slice(0, Number(url.searchParams.get('limit') ?? 100)),
  });
}

const sockets = serveFixture({
  port,
  dist: join(import.meta.dirname, '..', 'dist'),
  api,
  greeting: (url) => `${beds} invented beds at ${url} (sign in as nurse, physician or auditor with any PIN)`,
});
const unlessSilent = (say: () => void) => () => {
  if (scenario !== 'silent') say();
};
setInterval(
  unlessSilent(() => sockets.emit('beat', Date.now())),
  1_000,
).unref();
setInterval(
  unlessSilent(() => sockets.volatile.emit('view', view())),
  500,
).unref();
