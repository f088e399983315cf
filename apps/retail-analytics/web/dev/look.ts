/**
 * Opens every page in Chromium, writes screenshots and runs axe on each.
 * `node tools/run.mjs apps/retail-analytics/web/dev/look.ts <url> <output folder> [name part]`
 */
import type { Page } from 'playwright-core';
import { look } from '../../../../tools/web-look/look.js';
import type { Shot } from '../../../../tools/web-look/look.js';

const press = (name: string) => (page: Page) => page.getByText(name, { exact: true }).first().click();
const choose = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();

/** The service point leaves its area, a zone crosses itself: the node's own words come back. */
async function refused(page: Page): Promise<void> {
  await choose('Till 1')(page);
  await page.getByLabel('x, m: Service point of Till 1').fill('3');
  await choose('Bakery')(page);
  await page.getByLabel('x, m: Corner 1 of Bakery').fill('3');
  await page.getByLabel('y, m: Corner 1 of Bakery').fill('9.9');
  await page.getByRole('textbox', { name: 'Reason' }).fill('The bakery has moved to the back wall');
  await page.getByRole('button', { name: 'Save as revision 4' }).click();
  await page.getByLabel('PIN').fill('1234');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForTimeout(600);
}

const shots: readonly Shot[] = [
  { name: 'now', hash: '#/' },
  { name: 'now-trouble', hash: '#/', scenario: 'trouble', sizes: ['tablet', 'wall'], act: press('Camera areas') },
  { name: 'now-empty', hash: '#/', scenario: 'empty', sizes: ['tablet'] },
  { name: 'hours', hash: '#/hours' },
  { name: 'hours-table', hash: '#/hours', sizes: ['tablet'], act: press('Table') },
  { name: 'zones', hash: '#/zones' },
  { name: 'zones-trouble', hash: '#/zones', scenario: 'trouble', sizes: ['tablet'] },
  { name: 'cameras', hash: '#/cameras', scenario: 'trouble' },
  { name: 'calibration', hash: '#/cameras/aisles' },
  { name: 'plan', hash: '#/plan' },
  { name: 'plan-chosen', hash: '#/plan', act: choose('Bakery') },
  { name: 'plan-queue', hash: '#/plan', sizes: ['tablet'], act: choose('Till 1') },
  { name: 'plan-areas', hash: '#/plan', sizes: ['tablet', 'wall'], act: press('Camera areas') },
  { name: 'plan-drawing', hash: '#/plan', sizes: ['tablet'], act: choose('Draw: Zone') },
  { name: 'plan-refused', hash: '#/plan', sizes: ['tablet', 'wall'], act: refused },
  { name: 'privacy', hash: '#/privacy' },
  { name: 'privacy-trouble', hash: '#/privacy', scenario: 'trouble', sizes: ['tablet'] },
];

await look({
  defaultUrl: 'http://127.0.0.1:4230',
  usualScenario: 'calm',
  fullPage: ['tablet'],
  shots: () => shots,
});
