/**
 * A development aid: serves the built page with an invented line behind it, so that the page can be worked on without a
 * camera, a PLC or a model. `node tools/run.mjs apps/manufacturing-inspection/web/dev/fixture-server.ts [port]`.
 * POST /dev/scenario/<name> changes the story: calm, burst, plc-gone, golden-due, camera-gone, degraded, mes-failing, silent,
 * drifting, drift-warming, hub-cut, hub-full, no-hub (nor a drift reference).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { StationView } from '@edge-blueprints/contracts';
import { Server } from 'socket.io';
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

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const mime: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
const problem = (response: ServerResponse, status: number, code: string, message: string): void =>
  json(response, { code, message }, status);

async function body(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
  return parsed !== null && typeof parsed === 'object' ? { ...parsed } : {};
}

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

async function page(response: ServerResponse, path: string): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  const bytes = await readFile(join(dist, file)).catch(() => null);
  if (bytes === null) return problem(response, 404, 'page.not-found', `There is no ${file}`);
  response
    .writeHead(200, {
      'content-type': mime[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    .end(bytes);
}

const http = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const done =
    url.pathname.startsWith('/api/') || url.pathname.startsWith('/dev/')
      ? api(request, response, url)
      : page(response, url.pathname);
  done.catch((error: unknown) => problem(response, 500, 'dev.failed', String(error)));
});
const sockets = new Server(http, { serveClient: false });
setInterval(() => {
  if (scenario !== 'silent') sockets.volatile.emit('view', inventedView(line, scenario, golden));
}, viewEveryMs).unref();
setInterval(() => {
  if (scenario === 'plc-gone' || scenario === 'camera-gone' || scenario === 'golden-due' || scenario === 'silent')
    return;
  const { live, picture } = line.next(Date.now(), scenario === 'burst', false);
  sockets.volatile.emit('part', live, picture);
}, partEveryMs).unref();
http.listen(port, '127.0.0.1', () => process.stderr.write(`Invented line at http://127.0.0.1:${port} (PIN ${pin})\n`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

function shareOf(count: number, of: number) {
  return { count, of, share: count / of, ...wilson(count, of) };
}
