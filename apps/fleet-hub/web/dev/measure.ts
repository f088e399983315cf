/**
 * What the page costs with the fleet that the fixture server invents: time to the first paint and to the matrix, main-thread
 * time a second and memory over a run. `node tools/run.mjs apps/fleet-hub/web/dev/measure.ts <url> [seconds] [hash]`
 */
import { openChromium } from '../../../../tools/web-look/chromium.js';
import { signIn } from './sign-in.js';

const [url = 'http://127.0.0.1:4220', secondsText = '60', hash = '#/'] = process.argv.slice(2);
const seconds = Number(secondsText);
await fetch(`${url}/dev/scenario/trouble`, { method: 'POST' });
await signIn(url, 'admin');
const browser = await openChromium();
const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
const page = await context.newPage();
const client = await context.newCDPSession(page);
await client.send('Performance.enable');
await page.addInitScript(`
  window.__long = [];
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__long.push(e.duration); })
    .observe({ type: 'longtask', buffered: true });
  window.__shift = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.__shift += e.value; })
    .observe({ type: 'layout-shift', buffered: true });
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
const started = Date.now();
await page.goto(`${url}/${hash}`);
await page.waitForSelector('#device-matrix canvas, [role="table"], main ul', { timeout: 60_000 });
const shownMs = Date.now() - started;
const paintMs = await page.evaluate<number>(
  `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1`,
);
await page.waitForTimeout(3_000);
const loading = await page.evaluate<{ count: number; longest: number }>(
  `({ count: window.__long.length, longest: Math.max(0, ...window.__long) })`,
);
await page.evaluate('window.__long.length = 0');
await client.send('HeapProfiler.collectGarbage');
const before = await metrics();
const cpuBefore = await cpuMs();
await page.waitForTimeout(seconds * 1_000);
const cpuAfter = await cpuMs();
const after = await metrics();
await client.send('HeapProfiler.collectGarbage');
const collected = await metrics();
const running = await page.evaluate<{ count: number; longest: number; shift: number }>(
  `({ count: window.__long.length, longest: Math.max(0, ...window.__long), shift: window.__shift })`,
);
await browser.close();

const rate = (name: string): string => ((((after[name] ?? 0) - (before[name] ?? 0)) * 1_000) / seconds).toFixed(1);
const megabytes = (of: Readonly<Record<string, number>>): string => ((of['JSHeapUsedSize'] ?? 0) / 1e6).toFixed(1);
process.stdout.write(
  [
    `first paint ${paintMs.toFixed(0)} ms, fleet shown ${shownMs} ms`,
    `long tasks while loading: ${loading.count}, longest ${loading.longest.toFixed(0)} ms`,
    `main thread over ${seconds} s: ${rate('TaskDuration')} ms/s, of these script ${rate('ScriptDuration')}, layout ${rate('LayoutDuration')}, style ${rate('RecalcStyleDuration')}`,
    `CPU of the page's process: ${((cpuAfter - cpuBefore) / seconds).toFixed(1)} ms/s; loading took ${cpuBefore.toFixed(0)} ms`,
    `long tasks over ${seconds} s: ${running.count}, longest ${running.longest.toFixed(0)} ms`,
    `heap after collection ${megabytes(before)} -> ${megabytes(collected)} MB, nodes ${before['Nodes'] ?? 0} -> ${collected['Nodes'] ?? 0}`,
    `layout shift ${running.shift.toFixed(4)}`,
    '',
  ].join('\n'),
);
