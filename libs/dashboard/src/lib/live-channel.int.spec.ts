import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { parseConfig } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Access } from './access.js';
import { dashboardConfigSchema } from './dashboard-config.js';
import { createLiveChannel } from './live-channel.js';
import type { LiveChannel } from './live-channel.js';
import type { LivePage } from './live-inbound.js';
import { createSessionCookie } from './session-cookie.js';

let http: Server;
let live: LiveChannel;
let signedIn: boolean;
let at: string;
let said: string[];
let nowMs: number;
let pages: LivePage[];

const access: Access = {
  cookieName: 'edge_test',
  fitForRemote: true,
  signIn: () => ({ kind: 'invalid', message: '' }),
  session: (token) =>
    signedIn && token === 'good' ? { user: { name: 'ann', role: 'viewer' }, csrfToken: null } : undefined,
  signOut: () => undefined,
  describe: () => null,
};

beforeEach(async () => {
  signedIn = true;
  said = [];
  nowMs = 0;
  pages = [];
  http = createServer();
  live = createLiveChannel(http, {
    config: parseConfig(dashboardConfigSchema, {}, 'test'),
    access,
    cookie: createSessionCookie('edge_test', false),
    needs: 'viewer',
    sessionCheckMs: 50,
    nowMs: () => nowMs,
    inbound: {
      events: ['painted'],
      mostPerSecond: 3,
      onConnect: (page) => void pages.push(page),
      onMessage: (_, event, payload) => void said.push(`${event} ${JSON.stringify(payload)}`),
      onDisconnect: (page) => void pages.splice(pages.indexOf(page), 1),
      onDropped: () => void said.push('dropped'),
    },
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  at = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/socket.io/?EIO=4&transport=polling`;
});
afterEach(() => live.close());

/** A page that speaks long polling, so that the test decides when it reads. */
async function connect(cookie = 'edge_test=good') {
  const opened = await fetch(at, { headers: { cookie } });
  const sid = /"sid":"([^"]+)"/.exec(await opened.text())?.[1];
  if (sid === undefined)
    return { status: opened.status, read: () => Promise.resolve(''), say: () => Promise.resolve() };
  const session = `${at}&sid=${sid}`;
  await fetch(session, { method: 'POST', body: '40' });
  await (await fetch(session)).text();
  return {
    status: opened.status,
    read: async () => (await fetch(session)).text(),
    say: async (event: string, payload: unknown) => {
      await fetch(session, { method: 'POST', body: `42${JSON.stringify([event, payload])}` });
    },
  };
}

describe('live channel', () => {
  it('lets only sessions listen', async () => {
    expect((await connect('edge_test=bad')).status).toBe(403);
    expect((await connect('')).status).toBe(403);
    expect((await connect()).status).toBe(200);
  });

  it('tells what happened in order and once, and not to those who come later', async () => {
    const page = await connect();
    for (const n of [1, 2, 3]) live.notify('alert', n);
    const text = await page.read();
    expect(text.match(/\["alert",\d\]/g)).toEqual(['["alert",1]', '["alert",2]', '["alert",3]']);
    live.publish('fleet', 9);
    live.notify('alert', 4);
    const late = await connect();
    live.notify('alert', 5);
    expect(await late.read()).not.toContain('["alert",4]');
  });

  it('cuts a page off that stopped reading, and keeps the others', async () => {
    await connect();
    const good = await connect();
    for (let n = 0; n < 70; n += 1) {
      live.notify('alert', n);
      if (n % 20 === 0) await good.read();
    }
    expect(live.viewers()).toBe(1);
  });

  it('cuts a page off whose session is over', async () => {
    await connect();
    expect(live.viewers()).toBe(1);
    signedIn = false;
    await expect.poll(() => live.viewers(), { timeout: 3_000, interval: 20 }).toBe(0);
  });

  it('hears what pages may say, so often in a second and no other events, and answers one page alone', async () => {
    const page = await connect();
    await connect();
    await page.say('painted', 7);
    await page.say('view', 'mine');
    for (const n of [8, 9, 10]) await page.say('painted', n);
    expect(said).toEqual(['painted 7', 'painted 8', 'painted 9', 'dropped']);
    nowMs = 1_000;
    await page.say('painted', { any: 'thing' });
    expect(said.at(-1)).toBe('painted {"any":"thing"}');
    expect(pages).toHaveLength(2);
    pages[0]?.send('event', 1);
    expect(await page.read()).toContain('["event",1]');
  });
});
