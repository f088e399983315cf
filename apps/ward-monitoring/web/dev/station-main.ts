/**
 * A nurse station as a process: Chromium with the ward's page, which tells as JSON lines what it painted and when.
 * `node tools/run.mjs apps/ward-monitoring/web/dev/station-main.ts --url URL [--width 1920 --height 1080] [--supervised]`
 * It ends with its standard input, or on a signal.
 */
import { parseArgs } from 'node:util';
import { openChromium } from '../../../../tools/web-look/chromium.js';
import { takePainted, watchPaint, type PageRecord } from './watch-paint.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    width: { type: 'string', default: '1920' },
    height: { type: 'string', default: '1080' },
    supervised: { type: 'boolean', default: false },
  },
});
const everyMs = 1_000;
const emit = (event: Readonly<Record<string, unknown>>): void =>
  void process.stdout.write(`${JSON.stringify(event)}\n`);

const browser = await openChromium();
const page = await browser.newPage({ viewport: { width: Number(values.width), height: Number(values.height) } });
page.on('pageerror', (error) => emit({ event: 'page-error', message: error.message }));
await page.addInitScript(watchPaint);
await page.goto(`${values.url ?? ''}/#/`);
await page.waitForSelector('[data-bed]', { timeout: 60_000 });
// The sound plays after a touch only.
await page.mouse.click(4, 4);
await page.mouse.move(2, 2);
const tell = async (): Promise<void> => {
  const record = await page.evaluate<PageRecord>(takePainted);
  const seen = await page.evaluate<Readonly<Record<string, unknown>>>(`({
    tiles: document.querySelectorAll('[data-bed]').length,
    double: document.querySelectorAll('[data-bed]').length - new Set([...document.querySelectorAll('[data-bed]')].map((t) => t.dataset.bed)).size,
    primary: document.querySelector('[data-calling] [data-priority], section[data-priority]')?.dataset.priority ?? null,
    flood: /Alarm flood/.test(document.querySelector('section[aria-label="State of the gateway"]')?.textContent ?? ''),
  })`);
  emit({ event: 'page', ...record, ...seen });
};
emit({ event: 'ready', part: 'station', browser: browser.version() });
let telling = Promise.resolve();
const timer = setInterval(() => {
  telling = telling.then(tell, () => undefined);
}, everyMs);
await new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  if (values.supervised) process.stdin.resume().once('end', () => resolve());
});
clearInterval(timer);
await telling.then(tell).catch(() => undefined);
await browser.close();
process.exit(0);
