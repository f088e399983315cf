/**
 * Opens every view of the page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/manufacturing-inspection/web/dev/look.ts <url> <output folder> [name part]`
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';

const [url = 'http://127.0.0.1:4210', folder = 'look', only = ''] = process.argv.slice(2);
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
await mkdir(folder, { recursive: true });

const sizes = {
  wall: { width: 1920, height: 1080 },
  panel: { width: 1280, height: 800 },
  tablet: { width: 1024, height: 768 },
};
const settleMs = 900;

interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly scenario?: string;
  readonly query?: string;
  readonly waitMs?: number;
  readonly act?: (page: Page) => Promise<void>;
  readonly sizes?: readonly (keyof typeof sizes)[];
}

const toDrift = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'Drift', exact: true }).scrollIntoViewIfNeeded();

const openDistribution =
  (feature: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: `of ${feature}` }).click();
    await toDrift(page);
  };

const partHash = async (): Promise<string> => {
  const answer = await fetch(`${url}/api/parts?verdict=reject&limit=1`);
  const id = /"resultId":"([^"]+)"/.exec(await answer.text())?.[1] ?? '';
  return `#/parts/${id}`;
};
const part = await partHash();

const shots: readonly Shot[] = [
  { name: 'overview', hash: '#/', query: '?kiosk' },
  { name: 'evidence', hash: '#/evidence?verdict=reject' },
  { name: 'part', hash: part },
  { name: 'thresholds', hash: '#/thresholds/0' },
  { name: 'health', hash: '#/health' },
  { name: 'part-side', hash: part, sizes: ['panel'], act: async (page) => page.getByText('Side by side').click() },
  { name: 'plc-gone', hash: '#/', scenario: 'plc-gone', sizes: ['wall', 'panel'] },
  { name: 'golden-due', hash: '#/health', scenario: 'golden-due', sizes: ['panel'] },
  { name: 'degraded', hash: '#/', scenario: 'degraded', sizes: ['panel'] },
  { name: 'mes-failing', hash: '#/health', scenario: 'mes-failing', sizes: ['panel'] },
  { name: 'drifting', hash: '#/health', scenario: 'drifting', act: openDistribution('contrast') },
  { name: 'drift-stable', hash: '#/health', sizes: ['panel'], act: openDistribution('confidence') },
  { name: 'drift-alarms', hash: '#/', scenario: 'drifting', sizes: ['wall', 'panel'] },
  {
    name: 'drift-warming',
    hash: '#/health',
    scenario: 'drift-warming',
    sizes: ['panel'],
    act: openDistribution('brightness'),
  },
  { name: 'hub-cut', hash: '#/health', scenario: 'hub-cut', sizes: ['wall', 'tablet'] },
  { name: 'hub-full', hash: '#/', scenario: 'hub-full', sizes: ['wall', 'panel'] },
  { name: 'no-hub', hash: '#/health', scenario: 'no-hub', sizes: ['panel'], act: toDrift },
  { name: 'connection-lost', hash: '#/', scenario: 'silent', waitMs: 6_500, sizes: ['wall', 'tablet'] },
  { name: 'help', hash: '#/', sizes: ['panel'], act: async (page) => page.keyboard.press('?') },
  {
    name: 'overrule',
    hash: part,
    sizes: ['panel'],
    act: async (page) => page.getByRole('button', { name: 'Overrule' }).click(),
  },
  {
    name: 'move',
    hash: '#/thresholds/0',
    sizes: ['panel'],
    act: async (page) => {
      await page.getByRole('slider').focus();
      for (let n = 0; n < 14; n++) await page.keyboard.press('ArrowLeft');
      await page.locator('textarea').fill('Two opens at 0.44 were found at the final test');
      await page.getByRole('button', { name: 'Review the change' }).click();
    },
  },
  {
    name: 'sign-in',
    hash: '#/health',
    sizes: ['panel'],
    act: async (page) => page.getByRole('button', { name: 'Run golden check' }).click(),
  },
];

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let violations = 0;
for (const scheme of ['dark', 'light'] as const) {
  for (const shot of shots) {
    if (!`${shot.name}-${scheme}`.includes(only)) continue;
    for (const size of shot.sizes ?? (['wall', 'panel', 'tablet'] as const)) {
      await fetch(`${url}/dev/scenario/${shot.scenario === 'silent' ? 'calm' : (shot.scenario ?? 'calm')}`, {
        method: 'POST',
      });
      const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') process.stdout.write(`console ${shot.name}: ${message.text()}\n`);
      });
      page.on('pageerror', (error) => process.stdout.write(`fault ${shot.name}: ${error.message}\n`));
      await page.goto(`${url}/${shot.query ?? ''}${shot.hash}`);
      await page.waitForTimeout(settleMs);
      if (shot.scenario === 'silent') await fetch(`${url}/dev/scenario/silent`, { method: 'POST' });
      await page.waitForTimeout(shot.waitMs ?? settleMs);
      await shot.act?.(page);
      if (shot.act) await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${shot.name}-${size}-${scheme}.png`) });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (overflow > 0) process.stdout.write(`overflow ${shot.name} ${size}: ${overflow} px\n`);
      await page.evaluate(axeSource);
      const found: readonly { id: string; impact: string; targets: string }[] = await page.evaluate(
        `axe.run().then((result) => result.violations.map((v) => ({ id: v.id, impact: v.impact, targets: v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' | ' + (n.any[0]?.message ?? '')).join('\\n      ') })))`,
      );
      for (const each of found) {
        violations += 1;
        process.stdout.write(`axe ${shot.name} ${size} ${scheme}: ${each.impact} ${each.id}\n      ${each.targets}\n`);
      }
      await context.close();
    }
  }
}
await browser.close();
process.stdout.write(`${violations} axe violations\n`);
