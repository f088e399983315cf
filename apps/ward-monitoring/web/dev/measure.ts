/**
 * What the page costs with the ward that the fixture server invents: main-thread time a second, tiles that were drawn again, long
 * tasks. `node tools/run.mjs apps/ward-monitoring/web/dev/measure.ts <url> [seconds]`
 */
import { openChromium } from '../../../../tools/web-look/chromium.js';

const [url = 'http://127.0.0.1:4241', secondsText = '20'] = process.argv.slice(2);
const seconds = Number(secondsText);
await fetch(`${url}/dev/scenario/usual`, { method: 'POST' });
const browser = await openChromium();
const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
const page = await context.newPage();
const client = await context.newCDPSession(page);
await client.send('Performance.enable');
await page.addInitScript(`
  window.__long = [];
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__long.push(e.duration); })
    .observe({ type: 'longtask', buffered: true });
`);
const metrics = async (): Promise<Readonly<Record<string, number>>> => {
  const { metrics: list } = await client.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
};
const system = await browser.newBrowserCDPSession();
/** CPU time of the page's process, which a busy machine does not stretch. */
const cpuMs = async (): Promise<number> => {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  return 1_000 * Math.max(0, ...processInfo.filter(({ type }) => type === 'renderer').map(({ cpuTime }) => cpuTime));
};
await page.goto(`${url}/#/`);
await page.waitForSelector('[data-bed]', { timeout: 60_000 });
await page.mouse.click(4, 4);
await page.waitForTimeout(3_000);
await page.evaluate(`
  window.__long.length = 0;
  window.__drawn = 0;
  window.__rounds = 0;
  new MutationObserver((list) => {
    window.__rounds += 1;
    window.__drawn += new Set(list.map((m) => m.target.nodeType === 1 ? m.target.closest('[data-bed]') : m.target.parentElement?.closest('[data-bed]'))).size;
  }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
`);
const before = await metrics();
const cpuBefore = await cpuMs();
await page.waitForTimeout(seconds * 1_000);
const cpuAfter = await cpuMs();
const after = await metrics();
const seen = await page.evaluate<{ tiles: number; drawn: number; rounds: number; long: number; longest: number }>(
  `({ tiles: document.querySelectorAll('[data-bed]').length, drawn: window.__drawn, rounds: window.__rounds, long: window.__long.length, longest: Math.max(0, ...window.__long) })`,
);
await browser.close();

const delta = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
const perSecond = (name: string): string => ((delta(name) * 1_000) / seconds).toFixed(1);
process.stdout.write(
  [
    `${seen.tiles} tiles over ${seconds} s: ${seen.rounds} rounds of changes, ${(seen.drawn / Math.max(1, seen.rounds)).toFixed(1)} tiles changed in each`,
    `main thread ${perSecond('TaskDuration')} ms/s: script ${perSecond('ScriptDuration')}, layout ${perSecond('LayoutDuration')}, style ${perSecond('RecalcStyleDuration')}`,
    `CPU of the page's process ${((cpuAfter - cpuBefore) / seconds).toFixed(0)} ms/s, ${((cpuAfter - cpuBefore) / Math.max(1, seen.rounds)).toFixed(0)} ms a round`,
    `per round: script ${((delta('ScriptDuration') * 1_000) / Math.max(1, seen.rounds)).toFixed(1)} ms`,
    `long tasks ${seen.long}, longest ${seen.longest.toFixed(0)} ms`,
    '',
  ].join('\n'),
);
