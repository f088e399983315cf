/**
 * Opens every view of the page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/manufacturing-inspection/web/dev/look.ts <url> <output folder> [name part]`
 */
import type { Page } from 'playwright-core';
import { look, scenario } from '../../../../tools/web-look/look.js';
import type { Shot } from '../../../../tools/web-look/look.js';

const toDrift = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'Drift', exact: true }).scrollIntoViewIfNeeded();

const openDistribution =
  (feature: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: `of ${feature}` }).click();
    await toDrift(page);
  };

/** The page is shown, then the station falls silent until the connection counts as lost. */
const silence =
  (url: string) =>
  async (page: Page): Promise<void> => {
    await scenario(url, 'silent');
    await page.waitForTimeout(6_500);
  };

async function shotsOf(url: string): Promise<readonly Shot[]> {
  const answer = await fetch(`${url}/api/parts?verdict=reject&limit=1`);
  const part = `#/parts/${/"resultId":"([^"]+)"/.exec(await answer.text())?.[1] ?? ''}`;
  return [
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
    { name: 'connection-lost', hash: '#/', sizes: ['wall', 'tablet'], act: silence(url) },
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
}

await look({ defaultUrl: 'http://127.0.0.1:4210', usualScenario: 'calm', shots: shotsOf });
