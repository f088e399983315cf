/**
 * A development aid: serves the built page with an invented line behind it, so that the page can be worked on without a
 * camera, a PLC or a model. `node tools/run.mjs apps/manufacturing-inspection/web/dev/fixture-server.ts [port]`.
 * POST /dev/scenario/<name> changes the story: calm, burst, plc-gone, golden-due, camera-gone, degraded, mes-failing, silent,
 * drifting, drift-warming, hub-cut, hub-full, no-hub (nor a drift reference).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { StationView } from '@edge-blueprints/contracts';
import { body, json, problem, serveFixture } from '../../../../tools/web-look/fixture-server.js';
import { createInventedLine } from './invented-line.js';
import { driftOf, inventedView, scenarios, wilson } from './invented-view.js';
import type { Scenario } from './invented-view.js';

const port = Number(process.argv[2] ?? 4210);
const pin = '1234';
const partEveryMs = 700;
const viewEveryMs = 250;
const startParts = 690;
const dist = join(import.meta.dirname, '..', 'dist');

const line = createInventedLine(42);
let scenario: Scenario = 'calm';
let signedIn = false;
let golden: StationView['golden'] | null = null;

for (let n = startParts; n > 0; n--) line.next(Date.now() - n * partEveryMs, n < 330 && n > 318, true);

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = url.pathname;
  const method = request.method ?? 'GET';
  if (method === 'POST' && path.startsWith('/dev/scenario/')) {
    scenario = scenarios.find((each) => path.endsWith(`/${each}`)) ?? 'calm';
    golden = null;
    return json(response, { scenario });
  }
  if (path === '/api/view') return json(response, inventedView(line, scenario, golden));
  if (path === '/api/drift') {
    const drift = driftOf(line, scenario);
    return drift === null
      ? problem(response, 404, 'drift.no-reference', 'The bundle carries no drift reference, or drift is not watched')
      : json(response, drift);
  }
  if (path === '/api/session') return json(response, { signedIn });
  if (path === '/api/sign-in') {
    if ((await body(request)).pin !== pin)
      return problem(response, 401, 'session.wrong-pin', 'This PIN is not known. Ask the shift lead.');
    signedIn = true;
    return json(response, { signedIn });
  }
  if (path === '/api/sign-out') {
    signedIn = false;
    return json(response, { signedIn });
  }
  if (method !== 'GET' && !signedIn) return problem(response, 401, 'session.needed', 'Sign in first');
  if (path === '/api/golden/run') {
    const passed = inventedView(line, 'calm', null).golden;
    golden = { ...passed, state: 'running', detail: 'Checking the golden parts' };
    setTimeout(() => {
      golden = { ...passed, at: new Date().toISOString() };
      if (scenario === 'golden-due') scenario = 'calm';
    }, 2_500);
    return json(response, { started: true }, 202);
  }
  if (path === '/api/parts') {
    const verdict = url.searchParams.get('verdict');
    const before = url.searchParams.get('before');
    const all = [...line.records.values()].reverse().filter((record) => verdict === null || record.verdict === verdict);
    const start = before === null ? 0 : all.findIndex((record) => record.resultId === before) + 1;
    return json(response, all.slice(start, start + Number(url.searchParams.get('limit') ?? 50)));
  }
  const [, , resource, id = '', tail] = path.split('/');
  if (resource === 'parts') {
    const record = line.records.get(decodeURIComponent(id));
    if (!record)
      return problem(
        response,
        404,
        'parts.not-found',
        `There is no record of part ${id}; it was never stored or has made room`,
      );
    if (tail === 'delivery') {
      const failing = scenario === 'mes-failing';
      const waiting = { state: 'waiting', open: 1, attempts: 3, reason: 'HTTP 503' };
      return json(response, failing ? waiting : { state: 'delivered', open: 0, attempts: 0, reason: null });
    }
    if (tail !== 'overrule') return json(response, record);
    const { verdict, reason } = await body(request);
    const changed = {
      ...record,
      overrule: {
        verdict: verdict === 'pass' ? ('pass' as const) : ('reject' as const),
        reason: String(reason),
        by: 'operator',
        at: new Date().toISOString(),
      },
    };
    line.records.set(record.resultId, changed);
    return json(response, changed);
  }
  if (resource === 'images') {
    const bytes = line.images.get(id);
    if (!bytes) return problem(response, 404, 'images.not-found', 'This picture is not stored or has made room');
    response
      .writeHead(200, { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' })
      .end(bytes);
    return;
  }
  if (resource === 'thresholds' && tail === 'cost') {
    const classIndex = Number(id);
    const records = [...line.records.values()];
    return json(
      response,
      Array.from({ length: 49 }, (_, i) => Math.round((i + 1) * 2) / 100).map((threshold) => ({
        threshold,
        rejects: records.filter((record) =>
          record.detections.some((each) => (each.classIndex === classIndex ? each.score >= threshold : each.counted)),
        ).length,
        of: records.length,
        missShare: shareOf(Math.round(160 * threshold ** 3), 160),
        falseRejectShare: shareOf(Math.round(400 * (1 - threshold) ** 6), 400),
      })),
    );
  }
  if (path === '/api/thresholds' && method === 'PUT') {
    const { classIndex, threshold } = await body(request);
    line.thresholds[Number(classIndex)] = Number(threshold);
    scenario = 'golden-due';
    golden = null;
    return json(response, []);
  }
  return problem(response, 404, 'api.not-found', `There is no ${method} ${path}`);
}

const sockets = serveFixture({ port, dist, api, greeting: (url) => `Invented line at ${url} (PIN ${pin})` });
setInterval(() => {
  if (scenario !== 'silent') sockets.volatile.emit('view', inventedView(line, scenario, golden));
}, viewEveryMs).unref();
setInterval(() => {
  if (scenario === 'plc-gone' || scenario === 'camera-gone' || scenario === 'golden-due' || scenario === 'silent')
    return;
  const { live, picture } = line.next(Date.now(), scenario === 'burst', false);
  sockets.volatile.emit('part', live, picture);
}, partEveryMs).unref();

function shareOf(count: number, of: number) {
  return { count, of, share: count / of, ...wilson(count, of) };
}
