/**
 * Opens every page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/fleet-hub/web/dev/look.ts <url> <output folder> [name part]`
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openChromium, signIn } from './chromium.js';

const [url = 'http://127.0.0.1:4220', folder = 'look', only = ''] = process.argv.slice(2);
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
await mkdir(folder, { recursive: true });

const sizes = {
  wall: { width: 1920, height: 1080 },
  panel: { width: 1280, height: 800 },
  tablet: { width: 1024, height: 768 },
};
const settleMs = 1_200;

interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly scenario?: string;
  readonly user?: string;
  readonly waitMs?: number;
  readonly act?: (page: Page) => Promise<void>;
  readonly sizes?: readonly (keyof typeof sizes)[];
}

await signIn(url, 'admin');
const list = await (await fetch(`${url}/api/devices?limit=400`)).text();
const [, site = 'aachen', device = 'line-01'] =
  /"site":"([^"]+)","device":"([^"]+)","health":"degraded"/.exec(list) ?? [];

const shots: readonly Shot[] = [
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
  { name: 'connection-lost', hash: '#/', scenario: 'silent', waitMs: 1_000, sizes: ['panel'], act: cut },
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

/** Takes the network away and lets the clock of the page run on. */
async function cut(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page.clock.runFor(20_000);
}

const browser = await openChromium();
let violations = 0;
for (const scheme of ['dark', 'light'] as const) {
  for (const shot of shots) {
    if (!`${shot.name}-${scheme}`.includes(only)) continue;
    for (const size of shot.sizes ?? (['wall', 'panel', 'tablet'] as const)) {
      const scenario = shot.scenario === undefined || shot.scenario === 'silent' ? 'trouble' : shot.scenario;
      await fetch(`${url}/dev/scenario/${scenario}`, { method: 'POST' });
      if (shot.user === '')
        await fetch(`${url}/api/sign-out`, { method: 'POST', headers: { 'x-csrf-token': 'fixture-token' } });
      else await signIn(url, shot.user ?? 'admin');
      const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme });
      const page = await context.newPage();
      if (shot.scenario === 'silent') await page.clock.install();
      page.on('console', (message) => {
        if (message.type() === 'error' && shot.scenario !== 'silent')
          process.stdout.write(`console ${shot.name}: ${message.text()}\n`);
      });
      page.on('pageerror', (error) => process.stdout.write(`fault ${shot.name}: ${error.message}\n`));
      await page.goto(`${url}/${shot.hash}`);
      if (shot.scenario === 'silent') await page.clock.runFor(3_000);
      await page.waitForTimeout(shot.waitMs ?? settleMs);
      await shot.act?.(page);
      if (shot.act) await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${shot.name}-${size}-${scheme}.png`) });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (overflow > 0) process.stdout.write(`overflow ${shot.name} ${size}: ${overflow} px\n`);
      if (shot.scenario !== 'silent') violations += await axe(page, `${shot.name} ${size} ${scheme}`);
      await context.close();
    }
  }
}
await browser.close();
process.stdout.write(`${violations} axe violations\n`);

async function axe(page: Page, name: string): Promise<number> {
  await page.evaluate(axeSource);
  const found: readonly { id: string; impact: string; targets: string }[] = await page.evaluate(
    `axe.run().then((result) => result.violations.map((v) => ({ id: v.id, impact: v.impact, targets: v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' | ' + (n.any[0]?.message ?? '')).join('\\n      ') })))`,
  );
  for (const each of found) process.stdout.write(`axe ${name}: ${each.impact} ${each.id}\n      ${each.targets}\n`);
  return found.length;
}
