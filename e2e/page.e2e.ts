// The station's page in a real browser, against the running demo: what it shows, accessibility, acts, screenshots.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { axe, openBrowser, readAxe } from './browser.js';
import { suite } from './check.js';
import { startDemo } from './demo-process.js';

const title = 'page';
const views = [
  ['overview', '#/'],
  ['evidence', '#/evidence'],
  ['thresholds', '#/thresholds'],
  ['health', '#/health'],
] as const;
const sizes = [
  [1920, 1080],
  [1280, 800],
  [1024, 768],
] as const;
const out = join(import.meta.dirname, 'out');

await suite(title, async (check) => {
  await mkdir(out, { recursive: true });
  const browser = await openBrowser(title);
  const axeSource = await readAxe();
  const demo = await startDemo(['--no-hub', '--app', 'manufacturing', '--rate', '4']);
  try {
    const [, url = ''] = await demo.waitFor(/Station (http:\/\/127\.0\.0\.1:\d+)/, 60_000);
    const [, pin = ''] = await demo.waitFor(/PIN (\w+)/, 60_000);
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
    const outside: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob|ws):/.test(request.url())) outside.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // Given as text: a bundler's helper names do not exist in the page.
    await page.addInitScript(`
      window.__shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    await page.goto(`${url}/#/`);
    await page.waitForSelector('main canvas', { timeout: 20_000 });
    await page.waitForTimeout(6_000);
    check('shows the overview with a live picture', (await page.locator('main canvas').count()) > 0);
    const shift = await page.evaluate<number>('window.__shift');
    check('does not jump while data comes', shift < 0.05, `cumulative layout shift ${shift.toFixed(4)}`);

    for (const [name, hash] of views) {
      for (const scheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          await page.goto(`${url}/${hash}`);
          await page.waitForSelector(`main[data-page="${name}"]`);
          await page.waitForTimeout(700);
          await page.screenshot({ path: join(out, `${name}-${scheme}-${width}x${height}.png`) });
          const sideways = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          if (sideways > 0) check(`${name} fits ${width}x${height}`, false, `${sideways} px too wide`);
        }
        const found = await axe(page, axeSource);
        check(`${name} in ${scheme} has no serious accessibility fault`, found.length === 0, found.join(', '));
      }
    }

    await page.setViewportSize({ width: 1280, height: 800 });
    const parts = await (await page.request.get(`${url}/api/parts?limit=1&verdict=reject`)).json();
    const rejected = Array.isArray(parts) ? parts[0] : parts.parts?.[0];
    check('the store has a reject with evidence', typeof rejected?.resultId === 'string');
    await page.goto(`${url}/#/parts/${encodeURIComponent(rejected.resultId)}`);
    await page.waitForSelector('main[data-page="part"]');
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: join(out, 'part-light-1280x800.png') });
    check('the part page has no serious accessibility fault', (await axe(page, axeSource)).length === 0);

    const refused = await page.request.post(`${url}/api/parts/${rejected.resultId}/overrule`, {
      data: { verdict: 'pass', reason: 'dust on the lens' },
    });
    check('an act without sign-in is refused', refused.status() === 401, `HTTP ${refused.status()}`);
    const wrong = await page.request.post(`${url}/api/sign-in`, { data: { pin: '000000x' }, headers: { origin: url } });
    check('a wrong PIN is refused', wrong.status() >= 400, `HTTP ${wrong.status()}`);
    const signedIn = await page.request.post(`${url}/api/sign-in`, { data: { pin }, headers: { origin: url } });
    check('the PIN of this run signs in', signedIn.ok(), `HTTP ${signedIn.status()}`);
    const overruled = await page.request.post(`${url}/api/parts/${rejected.resultId}/overrule`, {
      data: { verdict: 'pass', reason: 'dust on the lens' },
      headers: { origin: url },
    });
    check('a signed-in operator overrules with a reason', overruled.ok(), `HTTP ${overruled.status()}`);
    const record = await (await page.request.get(`${url}/api/parts/${rejected.resultId}`)).json();
    check(
      'the overrule stands in the record',
      record.overrule?.reason === 'dust on the lens' && record.verdict === 'reject',
    );

    check('nothing is loaded from outside', outside.length === 0, outside.join(', '));
    check('the browser has nothing to complain about', complaints.length === 0, complaints.slice(0, 5).join(' | '));
  } finally {
    await browser.close();
    demo.signal('SIGINT');
    const code = await demo.exited;
    check('Ctrl-C stops the demo with exit code 0', code === 0, `exit code ${code}`);
    const left = await demo.orphans();
    check('no process is left behind', left.length === 0, left.join('\n'));
    await demo.remove();
  }
});
