import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json } from './api-route.js';
import { dashboardConfigSchema } from './dashboard-config.js';
import { createDashboardServer } from './dashboard-server.js';
import type { DashboardServer } from './dashboard-server.js';
import { createPinAccess } from './pin-access.js';

let folder: string;
let server: DashboardServer;
let acts: unknown[];

const deps = { logger: silentLogger, nowMs: () => performance.now() };

function open(config: unknown = { port: 0 }, pinConfigured = true) {
  return createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, config, 'test'),
      staticFolder: join(folder, 'dist'),
      access: createPinAccess({ pin: '4711', pinConfigured, nowMs: deps.nowMs, newToken: () => 'a-token' }),
      liveAccess: 'public',
      plainRemote: 'allowed',
      routes: [
        { method: 'get', path: '/api/view', access: 'public', handle: () => json({ station: 's1' }) },
        {
          method: 'get',
          path: '/api/images/:id',
          access: 'public',
          handle: ({ params }) => ({
            kind: 'bytes',
            bytes: Buffer.from(params['id'] ?? ''),
            mime: 'image/png',
            immutable: true,
          }),
        },
        {
          method: 'get',
          path: '/api/broken',
          access: 'public',
          handle: () => Promise.reject(new TypeError('inner detail')),
        },
        {
          method: 'post',
          path: '/api/act',
          access: 'operator',
          handle: ({ body }) => (acts.push(body), json({ done: true })),
        },
      ],
    },
    deps,
  );
}

beforeEach(async () => {
  acts = [];
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'dist', 'index.html'), `<!doctype html>${'<p>page</p>'.repeat(100)}`);
  await writeFile(join(folder, 'dist', 'assets', 'a-1f2e.js'), 'export {}');
  server = await open();
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('dashboard server', () => {
  it('serves the page compressed, revalidated, and its assets for a year, with a policy that allows no inline script', async () => {
    const page = await fetch(url('/'));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-encoding')).toBe('gzip');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.text()).toContain('<p>page</p>');
    const again = await fetch(url('/'), { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const asset = await fetch(url('/assets/a-1f2e.js'));
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  it('answers nothing outside of the page folder', async () => {
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt']) {
      const status = await rawStatus(path);
      expect(status).toBe(404);
    }
  });

  it('needs a signed-in operator for every act', async () => {
    expect((await post('/api/act', {})).status).toBe(401);
    expect((await post('/api/sign-in', { pin: '0000' })).status).toBe(401);
    const signedIn = await post('/api/sign-in', { pin: '4711' });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const session = cookie.split(';')[0] ?? '';
    expect((await post('/api/act', { a: 1 }, { cookie: session })).status).toBe(200);
    expect(acts).toEqual([{ a: 1 }]);
    await post('/api/sign-out', {}, { cookie: session });
    expect((await post('/api/act', {}, { cookie: session })).status).toBe(401);
  });

  it('refuses acts and sockets from a foreign origin and requests under a foreign name', async () => {
    const session = ((await post('/api/sign-in', { pin: '4711' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const foreign = await post('/api/act', {}, { cookie: session, origin: 'http://attacker.example' });
    expect(foreign.status).toBe(403);
    expect(acts).toEqual([]);
    expect(await rawStatus('/api/view', { host: 'attacker.example' })).toBe(421);
    const polling = '/socket.io/?EIO=4&transport=polling';
    expect((await fetch(url(polling))).status).toBe(200);
    expect((await fetch(url(polling), { headers: { origin: 'http://attacker.example' } })).status).toBe(403);
    expect(await rawStatus(polling, { host: 'attacker.example' })).toBe(403);
  });

  it('answers bad input with a code and a sentence, and inner faults without their details', async () => {
    const malformed = await fetch(url('/api/sign-in'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([malformed.status, await malformed.json()]).toMatchObject([400, { code: 'dashboard.body-invalid' }]);
    const large = await post('/api/sign-in', { pin: 'x'.repeat(20_000) });
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'dashboard.body-too-large' }]);
    const unknown = await fetch(url('/api/nothing'));
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'dashboard.route-unknown' }]);
    const broken = await fetch(url('/api/broken'));
    const text = await broken.text();
    expect(broken.status).toBe(500);
    expect(text).not.toContain('inner detail');
  });

  it('limits sign-in attempts and says how long to wait', async () => {
    for (let i = 0; i < 5; i += 1) await post('/api/sign-in', { pin: '0000' });
    const limited = await post('/api/sign-in', { pin: '4711' });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(50);
  });

  it('sends the last event of each kind to a page that connects later', async () => {
    server.publish('view', { station: 's1' });
    server.publish('view', { station: 's2' });
    server.publish('part', { partId: 'p' }, Buffer.from([1, 2, 3]));
    const open = await (await fetch(url('/socket.io/?EIO=4&transport=polling'))).text();
    const sid = /"sid":"([^"]+)"/.exec(open)?.[1] ?? '';
    const at = url(`/socket.io/?EIO=4&transport=polling&sid=${sid}`);
    await fetch(at, { method: 'POST', body: '40' });
    const received = await (await fetch(at)).text();
    expect(received).toContain('42["view",{"station":"s2"}]');
    expect(received).toContain('["part",{"partId":"p"},{"_placeholder":true,"num":0}]');
    expect(received).not.toContain('"s1"');
    expect(server.viewers()).toBe(1);
  });

  it('names the port that is taken and the way out', async () => {
    await expect(open({ port: server.port })).rejects.toMatchObject({
      code: 'dashboard.port-in-use',
      message: expect.stringContaining(String(server.port)),
    });
  });

  it('refuses to be reachable without a PIN of its own', async () => {
    await expect(open({ host: '0.0.0.0', allowRemote: true, port: 0 }, false)).rejects.toMatchObject({
      code: 'dashboard.pin-needed',
    });
  });

  it('says how to build a page that is not there', async () => {
    await rm(join(folder, 'dist'), { recursive: true });
    const bare = await open();
    const answer = await fetch(`http://127.0.0.1:${bare.port}/`);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('not built')]);
    await bare.close();
  });
});

/** fetch normalises paths and forbids Host, so those cases go through node:http. */
function rawStatus(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
