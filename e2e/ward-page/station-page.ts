// One nurse station in Chromium: what it painted, and what a person does at it.
import type { Browser, Page } from 'playwright-core';
import {
  takePainted,
  watchPaint,
  type PageRecord,
  type PaintedEvent,
} from '../../apps/ward-monitoring/web/dev/watch-paint.js';
import { holdsWithin } from '../running-line.js';

export interface StationPage {
  readonly page: Page;
  /** Everything so far, in the order of painting. */
  painted(): Promise<readonly PaintedEvent[]>;
  repeats(): number;
  /** First pitches of the bursts, with their times. */
  tones(): Promise<readonly PageRecord['tones'][number][]>;
  /** Waits for the start of an alarm. */
  start(subject: string, condition: string, timeoutMs: number): Promise<PaintedEvent | undefined>;
  goto(hash: string): Promise<void>;
  signIn(name: string, pin: string): Promise<boolean>;
  signOut(): Promise<void>;
  /** Fills the reason of the open dialog and sends it. */
  giveReason(reason: string, submit: string): Promise<void>;
  readonly complaints: readonly string[];
}

export async function openStation(browser: Browser, url: string, query = ''): Promise<StationPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (fault) => void complaints.push(fault.message));
  await page.addInitScript(watchPaint);
  await page.goto(`${url}/${query}#/`);
  await page.waitForSelector('[data-bed]', { timeout: 30_000 });
  await page.mouse.click(4, 4);
  const painted: PaintedEvent[] = [];
  const tones: PageRecord['tones'][number][] = [];
  let repeats = 0;
  const drain = async (): Promise<void> => {
    const record = await page.evaluate<PageRecord>(takePainted);
    painted.push(...record.painted);
    tones.push(...record.tones);
    repeats += record.repeats;
  };
  return {
    page,
    complaints,
    repeats: () => repeats,
    painted: async () => (await drain(), painted),
    tones: async () => (await drain(), tones),
    async start(subject, condition, timeoutMs) {
      const find = (): PaintedEvent | undefined =>
        painted.find((one) => one.subject === subject && one.condition === condition && one.phase === 'start');
      await holdsWithin(timeoutMs, async () => (await drain(), find() !== undefined));
      return find();
    },
    goto: (hash) => page.evaluate((to) => void (window.location.hash = to), hash),
    async signIn(name, pin) {
      await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
      await page.getByRole('dialog').getByLabel(/^Name/).fill(name);
      await page.locator('input[type="password"]').fill(pin);
      await page.keyboard.press('Enter');
      return page
        .getByRole('button', { name: `Sign out ${name}` })
        .waitFor({ timeout: 10_000 })
        .then(
          () => true,
          () => false,
        );
    },
    signOut: () => page.getByRole('button', { name: /^Sign out/ }).click(),
    async giveReason(reason, submit) {
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill(reason);
      await dialog.getByRole('button', { name: submit, exact: true }).click();
      await dialog.waitFor({ state: 'hidden', timeout: 10_000 });
    },
  };
}
