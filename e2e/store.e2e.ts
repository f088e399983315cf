// The shop, its store node and the hub, as `npm start -- --app retail` composes them: what is counted, released, shown and written.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubStoresView, StoreView } from '@edge-blueprints/contracts';
import { compose } from '../apps/demo-rig/src/compose/compose.js';
import { readOptions } from '../apps/demo-rig/src/options.js';
import { createStoreRun } from '../apps/demo-rig/src/run-store.js';
import { axe, openBrowser, readAxe } from './browser.js';
import { suite } from './check.js';
import { signInToHub } from './hub-client.js';
import { holdsWithin, pause } from './running-line.js';

const title = 'store';
const out = join(import.meta.dirname, 'out');
const pages = ['#/', '#/hours', '#/zones', '#/cameras', '#/cameras/aisles', '#/plan', '#/privacy'];
const countedMs = 45_000;

await suite(title, async (check) => {
  const data = await mkdtemp(join(tmpdir(), 'store-e2e-'));
  const options = readOptions(['--app', 'retail', '--data', data, '--port', '0']);
  if (options === 'help') return;
  const browser = await openBrowser(title);
  const run = createStoreRun();
  const demo = await compose(options, {
    onEvent: (part, event) => void (part === 'shop' && run.shop(event)),
    onLog: () => undefined,
    onReady: () => undefined,
  }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  try {
    const { store, hub } = demo;
    if (store === undefined || hub === undefined) return check('store and hub are there', false);
    const view = async (): Promise<StoreView> => (await (await fetch(`${store.url}/api/view`)).json()) as StoreView;
    const seeing = await holdsWithin(20_000, async () =>
      (await view()).cameras.every(({ connected, framesPerS }) => connected && framesPerS > 3),
    );
    check('every camera is looked at', seeing, (await view()).cameras.map((c) => `${c.id} ${c.framesPerS}`).join(', '));
    await run.begin(store);
    await pause(countedMs);

    store.processes.shop.send({ command: 'fault', name: 'camera-lost', camera: 'tills', on: true });
    const lost = await holdsWithin(15_000, async () => {
      const { cameras, queues } = await view();
      return (
        cameras.find(({ id }) => id === 'tills')?.state === 'lost' && queues.some(({ state }) => state === 'unknown')
      );
    });
    check('a lost camera makes its queues unknown, not empty', lost);
    store.processes.shop.send({ command: 'fault', name: 'camera-lost', camera: 'tills', on: false });
    const back = await holdsWithin(
      20_000,
      async () => (await view()).cameras.find(({ id }) => id === 'tills')?.state !== 'lost',
    );
    check('it comes back by itself', back);

    const released = await holdsWithin(90_000, async () => (await view()).releases.length > 0);
    const { releases, budget } = await view();
    check(
      'a window was released, and paid for',
      released && budget.spent > 0 && budget.ledger.state === 'open',
      `${releases.length} releases, epsilon ${budget.spent} of ${budget.epsilonPerDay}`,
    );
    const client = await signInToHub(hub.url, hub.user, hub.password);
    const arrived = await holdsWithin(
      20_000,
      async () => (await client.get<HubStoresView>('/api/stores')).stores.length > 0,
    );
    const [known] = (await client.get<HubStoresView>('/api/stores')).stores;
    check('the hub shows the store by its releases', arrived && known?.forked === false, known?.store);

    const report = await run.report(store);
    const [line] = report.lines;
    check('somebody truly crossed the line', (line?.truth.in ?? 0) + (line?.truth.out ?? 0) > 0);
    check(
      'no picture was written',
      report.written.pictures.length === 0,
      `${report.written.files} files, ${report.written.bytes} bytes`,
    );
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    await mkdir(out, { recursive: true });
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (fault) => void complaints.push(fault.message));
    const axeSource = await readAxe();
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const hash of pages) {
        const name = hash === '#/' ? 'now' : hash.slice(2).replace('/', '-');
        await page.goto(`${store.url}/${hash}`);
        await page.waitForSelector('main');
        await page.waitForTimeout(900);
        await page.screenshot({ path: join(out, `store-${name}-${scheme}.png`) });
        const found = await axe(page, axeSource);
        check(
          `store page ${name} in ${scheme} has no serious accessibility fault`,
          found.length === 0,
          found.join(', '),
        );
      }
    }
    check('the page complains of nothing', complaints.length === 0, complaints.join(' | ').slice(0, 300));
    await client.lend(page);
    await page.goto(`${hub.url}/#/stores`);
    await page.waitForTimeout(1_200);
    await page.screenshot({ path: join(out, 'hub-stores.png') });
    const shown = await page.locator('main').innerText();
    check('the hub page names the store', shown.includes('demo-store'), shown.slice(0, 120));
  } finally {
    const codes = await demo.stop();
    const bad = Object.entries(codes).filter(([, code]) => code !== 0);
    check('everything stops by itself', bad.length === 0, bad.map(([name, code]) => `${name} ${code}`).join(', '));
    await rm(data, { recursive: true, force: true });
    await browser.close();
  }
});
