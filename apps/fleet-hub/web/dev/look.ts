/**
 * Opens every page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/fleet-hub/web/dev/look.ts <url> <output folder> [name part]`
 */
import type { Page } from 'playwright-core';
import { look } from '../../../../tools/web-look/look.js';
import type { Shot } from '../../../../tools/web-look/look.js';
import { signIn } from './sign-in.js';

interface UserShot extends Shot {
  /** Empty: nobody is signed in. */
  readonly user?: string;
}

async function shotsOf(url: string): Promise<readonly UserShot[]> {
  await signIn(url, 'admin');
  const list = await (await fetch(`${url}/api/devices?limit=400`)).text();
  const [, site = 'aachen', device = 'line-01'] =
    /"site":"([^"]+)","device":"([^"]+)","health":"degraded"/.exec(list) ?? [];
  return [
    { name: 'fleet', hash: '#/' },
    { name: 'table', hash: '#/?as=table' },
    { name: 'device', hash: `#/devices/${site}/${device}` },
    { name: 'drift', hash: '#/drift' },
    { name: 'labels', hash: '#/labels' },
    { name: 'alerts', hash: '#/alerts?state=all' },
    { name: 'audit', hash: '#/audit' },
    { name: 'users', hash: '#/users', sizes: ['panel', 'wall'] },
    { name: 'calm', hash: '#/', scenario: 'calm', sizes: ['panel'] },
    { name: 'site-down', hash: '#/', scenario: 'site-down', sizes: ['panel'] },
    { name: 'hole', hash: '#/', scenario: 'hole', sizes: ['panel'] },
    {
      name: 'connection-lost',
      hash: '#/',
      isCut: true,
      sizes: ['panel'],
      prepare: (page) => page.clock.install(),
      act: cut,
    },
    { name: 'filtered', hash: '#/?health=alarm,offline', sizes: ['panel'] },
    { name: 'viewer', hash: '#/labels', user: 'viewer', sizes: ['panel'] },
    { name: 'sign-in', hash: '#/', user: '', sizes: ['panel'] },
    { name: 'help', hash: '#/', sizes: ['panel'], act: async (page) => page.keyboard.press('?') },
    {
      name: 'chosen',
      hash: '#/',
      sizes: ['panel'],
      act: async (page) => {
        const matrix = page.locator('#device-matrix');
        if ((await matrix.count()) === 0) return;
        await matrix.focus();
        for (const key of ['ArrowDown', 'n', 'n']) await page.keyboard.press(key);
      },
    },
    {
      name: 'revoke',
      hash: `#/devices/${site}/${device}`,
      sizes: ['panel'],
      act: async (page) => page.getByRole('button', { name: 'Revoke' }).click(),
    },
    {
      name: 'acknowledge',
      hash: '#/alerts',
      sizes: ['panel'],
      act: async (page) => page.getByRole('button', { name: 'Acknowledge' }).first().click(),
    },
    {
      name: 'labelled',
      hash: '#/labels',
      sizes: ['panel'],
      act: async (page) => page.keyboard.press('g'),
    },
  ];
}

/** Takes the network away and lets the clock of the page run on. */
async function cut(page: Page): Promise<void> {
  await page.clock.runFor(3_000);
  await page.waitForTimeout(1_000);
  await page.context().setOffline(true);
  await page.clock.runFor(20_000);
}

await look({
  defaultUrl: 'http://127.0.0.1:4220',
  usualScenario: 'trouble',
  shots: shotsOf,
  before: async (url, { user = 'admin' }) => {
    if (user === '')
      await fetch(`${url}/api/sign-out`, { method: 'POST', headers: { 'x-csrf-token': 'fixture-token' } });
    else await signIn(url, user);
  },
});
