import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from './endpoint.js';
import { apiVersion } from './hub-routes.js';
import { openApiDocument } from './openapi.js';
import { fillFleet, openApiUnderTest } from './testing/api-under-test.js';
import type { ApiUnderTest, Role } from './testing/api-under-test.js';

const committed = join(import.meta.dirname, '../../openapi.json');
const roles = ['viewer', 'operator', 'admin'] as const;

/** A request that each act takes; what a path's parameters are here. */
const bodies: Readonly<Record<string, unknown>> = {
  'post /api/devices/{site}/{device}/revoke': { reason: 'stolen' },
  'put /api/labels/{id}': { truth: 'good', note: '' },
  'post /api/alerts/{id}/acknowledge': { note: 'seen' },
  'post /api/users': { name: 'carla', role: 'viewer', password: 'ten white candles' },
  'put /api/users/{name}': { disabled: true },
  'put /api/account/password': { current: 'nine red lanterns', next: 'nine red lanterns 2' },
};
const values: Readonly<Record<string, string>> = { site: 'hall', device: 'd1', id: '1', role: 'test', name: 'carla' };
const concrete = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
const nameOf = ({ route, path }: Endpoint): string => `${route.method} ${path}`;

let api: ApiUnderTest;
let sessions: Record<Role, Record<string, string>>;
beforeAll(async () => {
  api = await openApiUnderTest();
  await fillFleet(api);
  sessions = {
    viewer: await api.signIn('viewer'),
    operator: await api.signIn('operator'),
    admin: await api.signIn('admin'),
  };
}, 60_000);
afterAll(() => api.close());

describe('every documented path', () => {
  it('answers its role as described, and the roles below with 403, and nobody with 401', async () => {
    // The acts that end the admin's own session come last.
    const order = [...api.endpoints].sort(
      (a, b) => Number(a.path.includes('account')) - Number(b.path.includes('account')),
    );
    for (const each of order) {
      const { route, answer } = each;
      const ask = (headers: Record<string, string> = {}) =>
        api.ask(route.method, concrete(each.path), headers, bodies[nameOf(each)]);
      expect((await ask()).status, `${nameOf(each)} without a session`).toBe(401);
      const needed = roles.findIndex((role) => role === route.access);
      for (const role of roles.slice(0, needed))
        expect((await ask(sessions[role])).status, `${nameOf(each)} as ${role}`).toBe(403);
      const good = await ask(sessions.admin);
      expect(good.status, `${nameOf(each)} as admin`).toBe(200);
      if (answer.kind === 'json') {
        const parsed = answer.schema.safeParse(await good.json());
        expect(parsed.error?.issues ?? [], `answer of ${nameOf(each)}`).toEqual([]);
      } else expect(answer.mimes.some((mime) => good.headers.get('content-type')?.startsWith(mime))).toBe(true);
    }
  });

  it('refuses what is not described, naming each field', async () => {
    const { admin } = sessions;
    const again = await api.signIn('admin', 'nine red lanterns 2');
    expect((await api.ask('get', '/api/users', admin)).status, 'the session before the new password').toBe(401);
    const bad = await api.ask('get', '/api/devices?limit=0&sort=colour&extra=1', again);
    const { code, message } = JSON.parse(await bad.text());
    expect([bad.status, code]).toEqual([400, 'request.invalid']);
    for (const part of ['extra', 'query.limit', 'query.sort']) expect(message).toContain(part);
    const body = await api.ask('post', '/api/users', again, { name: 'x', role: 'king' });
    expect(await body.text()).toMatch(/body\.role[\s\S]*body\.password/);
    expect((await api.ask('put', '/api/labels/0', again, { truth: 'good' })).status).toBe(400);
    expect((await api.ask('put', '/api/labels/999', again, { truth: 'good' })).status).toBe(404);
    expect((await api.ask('get', '/api/devices/hall/none', again)).status).toBe(404);
    expect((await api.ask('get', '/api/devices/Hall/d1', again)).status).toBe(400);
    const polluted = await fetch(`${api.base}/api/labels/1`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...again },
      body: '{"truth":"good","__proto__":{"admin":true}}',
    });
    expect(polluted.status).toBe(400);
  });
});

describe('the OpenAPI document', () => {
  it('is served, names every endpoint once, and resolves its references', async () => {
    const served = JSON.parse(await (await api.ask('get', '/api/openapi.json')).text());
    expect(served).toEqual(JSON.parse(JSON.stringify(openApiDocument(api.endpoints, apiVersion))));
    const documented = Object.entries<object>(served.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const own = ['get /api/session', 'post /api/sign-in', 'post /api/sign-out'];
    expect(documented.sort()).toEqual([...own, ...api.endpoints.map(nameOf)].sort());
    const references = JSON.stringify(served).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/components/schemas/Problem"']));
    for (const [path, operations] of Object.entries<Record<string, { parameters?: { name: string; in: string }[] }>>(
      served.paths,
    ))
      for (const [, operation] of Object.entries(operations)) {
        const named = (operation.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name);
        expect(named.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      }
  });

  it('is the committed one, which vitest -u writes anew', async () => {
    const document = JSON.stringify(openApiDocument(api.endpoints, apiVersion));
    const style = await resolveConfig(committed);
    await expect(await format(document, { ...style, parser: 'json' })).toMatchFileSnapshot(committed);
  });
});

describe('metrics', () => {
  it('want their token', async () => {
    expect((await api.ask('get', '/metrics')).status).toBe(401);
    expect((await api.ask('get', '/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
    const good = await api.ask('get', '/metrics', { authorization: 'Bearer scrape-me' });
    expect([good.headers.get('content-type'), await good.text()]).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'hub_devices 1\n',
    ]);
  });
});
