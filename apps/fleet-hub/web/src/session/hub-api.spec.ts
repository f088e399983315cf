import { describe, expect, it } from 'vitest';
import { auditExportUrl, createHubApi } from './hub-api.js';

function setUp(token: string | null) {
  const calls: { path: string; init: RequestInit }[] = [];
  const api = createHubApi(
    (path, init) => {
      calls.push({ path, init });
      return Promise.resolve(new Response('{}'));
    },
    () => token,
  );
  return { api, calls };
}

describe('createHubApi', () => {
  it('sends the token of the session with acts and never with reads', async () => {
    const { api, calls } = setUp('t1');
    await api.fleet();
    await api.acknowledge(7, 'seen');
    expect(calls[0]?.init.headers).not.toHaveProperty('x-csrf-token');
    expect(calls[1]).toMatchObject({
      path: '/api/alerts/7/acknowledge',
      init: { method: 'POST', body: '{"note":"seen"}', headers: { 'x-csrf-token': 't1' } },
    });
  });

  it('leaves the token out before there is a session', async () => {
    const { api, calls } = setUp(null);
    await api.signIn('eve', 'secret');
    expect(calls[0]?.init.headers).not.toHaveProperty('x-csrf-token');
  });

  it('changes the password of whoever is signed in, and lets the hub check its audit', async () => {
    const { api, calls } = setUp('t1');
    await api.changePassword('old one', 'new one');
    await api.verifyAudit();
    expect(calls[0]).toMatchObject({
      path: '/api/account/password',
      init: { method: 'PUT', body: '{"current":"old one","next":"new one"}', headers: { 'x-csrf-token': 't1' } },
    });
    expect([calls[1]?.path, calls[1]?.init.method]).toEqual(['/api/audit/verify', 'GET']);
  });

  it('encodes names and searches', async () => {
    const { api, calls } = setUp(null);
    await api.device('a/b', 'c d');
    await api.audit(' x&y ', 12, 50);
    await api.audit('', null, 50);
    expect(calls.map(({ path }) => path)).toEqual([
      '/api/devices/a%2Fb/c%20d',
      '/api/audit?limit=50&search=x%26y&before=12',
      '/api/audit?limit=50',
    ]);
    expect(auditExportUrl('a b')).toBe('/api/audit/export?search=a+b&format=csv');
  });
});
