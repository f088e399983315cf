import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Access, AccessSession } from './access.js';
import { accessRoles } from './access.js';
import { json } from './api-route.js';
import type { ApiRoute } from './api-route.js';
import { dashboardConfigSchema } from './dashboard-config.js';
import { createDashboardServer } from './dashboard-server.js';
import type { DashboardServer } from './dashboard-server.js';

/** Names are roles; the token of a session is `token-of-{role}`, its CSRF token `csrf-of-{role}`. */
function namesAsRoles(fitForRemote = true): Access {
  const sessions = new Map<string, AccessSession>();
  return {
    cookieName: 'edge_test',
    fitForRemote,
    signIn: (body) => {
      const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
      const role = accessRoles.find((each) => each === name);
      if (role === undefined) return { kind: 'refused', code: 'test.unknown', message: 'unknown' };
      sessions.set(`token-of-${role}`, { user: { name: role, role }, csrfToken: `csrf-of-${role}` });
      return { kind: 'signed-in', token: `token-of-${role}` };
    },
    session: (token) => (token === undefined ? undefined : sessions.get(token)),
    signOut: (token) => void sessions.delete(token ?? ''),
    describe: (session, secure) => ({ user: session?.user ?? null, csrfToken: session?.csrfToken ?? null, secure }),
  };
}

const routes: readonly ApiRoute[] = [
  { method: 'get', path: '/api/open', access: 'public', handle: () => json('open') },
  { method: 'get', path: '/api/seen', access: 'viewer', handle: ({ user }) => json(user) },
  { method: 'post', path: '/api/done', access: 'operator', handle: ({ user, body }) => json({ user, body }) },
  { method: 'delete', path: '/api/gone', access: 'admin', handle: () => json('gone') },
  {
    method: 'post',
    path: '/api/large',
    access: 'public',
    maxBodyBytes: 40_000,
    handle: ({ body }) => json(JSON.stringify(body).length),
  },
  {
    method: 'get',
    path: '/api/export',
    access: 'public',
    handle: ({ bearer }) => ({
      kind: 'text',
      mime: 'text/csv',
      chunks: ['a,b\n', `${bearer}\n`],
      fileName: 'list.csv',
    }),
  },
];
let server: DashboardServer;
let folder: string;

const open = (config: object, access = namesAsRoles()) =>
  createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, { port: 0, ...config }, 'test'),
      staticFolder: join(folder, 'none'),
      access,
      liveAccess: 'viewer',
      plainRemote: 'refused',
      routes,
    },
    { logger: silentLogger, nowMs: () => performance.now() },
  );
const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const as = (role: string) => ({ cookie: `edge_test=token-of-${role}`, 'x-csrf-token': `csrf-of-${role}` });
const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  const body: unknown = await response.json();
  const named = typeof body === 'object' && body !== null && 'code' in body;
  return [response.status, named ? body.code : 'ok'];
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roles-'));
  server = await open({});
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('roles', () => {
  it('let each user do what the role covers and nothing above it', async () => {
    for (const name of ['viewer', 'operator', 'admin']) await ask('POST', '/api/sign-in', { name });
    const outcomes = async (headers: Record<string, string>) => [
      (await ask('GET', '/api/open', undefined, headers)).status,
      (await ask('GET', '/api/seen', undefined, headers)).status,
      (await ask('POST', '/api/done', {}, headers)).status,
      (await ask('DELETE', '/api/gone', {}, headers)).status,
    ];
    expect(await outcomes({})).toEqual([200, 401, 401, 401]);
    expect(await outcomes(as('viewer'))).toEqual([200, 200, 403, 403]);
    expect(await outcomes(as('operator'))).toEqual([200, 200, 200, 403]);
    expect(await outcomes(as('admin'))).toEqual([200, 200, 200, 200]);
    expect(await (await ask('POST', '/api/done', { a: 1 }, as('operator'))).json()).toEqual({
      user: { name: 'operator', role: 'operator' },
      body: { a: 1 },
    });
  });

  it('refuse an act without the CSRF token of its own session, sign-out included', async () => {
    for (const name of ['operator', 'admin']) await ask('POST', '/api/sign-in', { name });
    const { cookie } = as('operator');
    expect(await codeOf(ask('POST', '/api/done', {}, { cookie }))).toEqual([403, 'dashboard.csrf-refused']);
    const foreign = { cookie, 'x-csrf-token': 'csrf-of-admin' };
    expect(await codeOf(ask('POST', '/api/done', {}, foreign))).toEqual([403, 'dashboard.csrf-refused']);
    expect(await codeOf(ask('POST', '/api/sign-out', {}, { cookie }))).toEqual([403, 'dashboard.csrf-refused']);
    expect((await ask('GET', '/api/seen', undefined, { cookie })).status).toBe(200);
    const out = await ask('POST', '/api/sign-out', {}, as('operator'));
    expect(await out.json()).toEqual({ user: null, csrfToken: null, secure: false });
    expect((await ask('GET', '/api/seen', undefined, { cookie })).status).toBe(401);
  });

  it('guard the live events: no session, no socket', async () => {
    const polling = '/socket.io/?EIO=4&transport=polling';
    expect((await ask('GET', polling)).status).toBe(403);
    await ask('POST', '/api/sign-in', { name: 'viewer' });
    expect((await ask('GET', polling, undefined, as('viewer'))).status).toBe(200);
  });

  it('read a body only after the sender may act, and each route has its own limit', async () => {
    const large = { text: 'x'.repeat(30_000) };
    expect((await ask('POST', '/api/large', large)).status).toBe(200);
    expect((await ask('POST', '/api/large', { text: 'x'.repeat(50_000) })).status).toBe(413);
    expect((await ask('POST', '/api/done', large)).status).toBe(401);
    await ask('POST', '/api/sign-in', { name: 'operator' });
    expect((await ask('POST', '/api/done', large, as('operator'))).status).toBe(413);
  });

  it('stream a download, and hand the bearer token to a route that wants one', async () => {
    const answer = await ask('GET', '/api/export', undefined, { authorization: 'Bearer abc' });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=list.csv');
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(await answer.text()).toBe('a,b\nabc\n');
  });

  it('limit the requests of one sender and say how long to wait', async () => {
    await server.close();
    server = await open({ apiRate: { perSecond: 0.5, burst: 3 } });
    await ask('POST', '/api/sign-in', { name: 'viewer' });
    for (let i = 0; i < 2; i += 1) expect((await ask('GET', '/api/open')).status).toBe(200);
    const limited = await ask('GET', '/api/open');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await ask('GET', '/api/open', undefined, as('viewer'))).status, 'a session has its own rate').toBe(200);
  });

  it('stay on loopback without TLS, or without a secret of its own', async () => {
    const remote = { host: '0.0.0.0', allowRemote: true };
    await expect(open(remote)).rejects.toMatchObject({ code: 'dashboard.tls-needed' });
    await expect(open(remote, namesAsRoles(false))).rejects.toMatchObject({ code: 'dashboard.pin-needed' });
    await expect(open({ tls: { certFile: join(folder, 'a'), keyFile: join(folder, 'b') } })).rejects.toMatchObject({
      code: 'dashboard.tls-invalid',
    });
  });
});

const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].find((path) => existsSync(path));
if (openssl === undefined && process.env['CI'] === 'true') throw new TypeError('openssl is needed in CI');

describe.skipIf(openssl === undefined)('TLS', () => {
  const draw = (name: string) => {
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes', '-keyout', key, '-out', cert];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync(openssl ?? 'openssl', [...kind, ...subject], { stdio: 'ignore' });
    return { cert, key };
  };
  const install = ({ cert, key }: { cert: string; key: string }) => {
    copyFileSync(cert, join(folder, 'page.crt'));
    copyFileSync(key, join(folder, 'page.key'));
  };
  const secure = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
      const at = { host: '127.0.0.1', port: server.port, path, method, headers, rejectUnauthorized: false };
      httpsRequest({ ...at, agent: false }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
      })
        .on('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  const commonName = () =>
    new Promise<unknown>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subject.CN);
        socket.destroy();
      }).on('error', reject);
    });

  it('makes cookies secure, asks browsers to stay with it, and takes up a renewed certificate', async () => {
    install(draw('first'));
    await server.close();
    const tls = { certFile: join(folder, 'page.crt'), keyFile: join(folder, 'page.key') };
    server = await open({ tls, allowedHosts: ['hub.plant'] });
    expect(server.secure).toBe(true);
    const type = { 'content-type': 'application/json' };
    const { status, headers } = await secure('POST', '/api/sign-in', type, { name: 'viewer' });
    expect([status, headers['set-cookie']]).toEqual([
      200,
      ['__Host-edge_test=token-of-viewer; Path=/; HttpOnly; SameSite=Strict; Secure'],
    ]);
    const hosted = await secure('GET', '/api/seen', { cookie: '__Host-edge_test=token-of-viewer', host: 'hub.plant' });
    expect([hosted.status, hosted.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    expect((await secure('GET', '/api/open', { host: 'localhost' })).headers).not.toHaveProperty(
      'strict-transport-security',
    );
    expect(await commonName()).toBe('first');
    install(draw('second'));
    await expect.poll(commonName, { timeout: 8_000, interval: 250 }).toBe('second');
  });
});
