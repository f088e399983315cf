// The whole demo with its hub: the network is pulled for a minute, the line goes on, the buffer fills and drains, and the
// numbers that the hub has are contiguous. Then a person checks a verdict, and the pages are looked at.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  AlertView,
  AuditEntryView,
  DeviceDetailView,
  FleetSummaryView,
  HubDriftView,
  LabelAccuracyView,
  LabelQueueView,
} from '@edge-blueprints/contracts';
import { demoDevice } from '../apps/demo-rig/src/compose/hub-config.js';
import { axe, openBrowser, readAxe } from './browser.js';
import { suite } from './check.js';
import { signInToHub } from './hub-client.js';
import { holdsWithin, pause, withRunningLine } from './running-line.js';

const title = 'hub';
const cutMs = 60_000;
const out = join(import.meta.dirname, 'out');
const pages = [
  '#/',
  `#/devices/${demoDevice.site}/${demoDevice.device}`,
  '#/drift',
  '#/labels',
  '#/alerts',
  '#/audit',
  '#/users',
];

await suite(title, async (check) => {
  const browser = await openBrowser(title);
  try {
    await withRunningLine(
      ['--rate', '3'],
      async ({ demo, api }) => {
        if (demo.hub === undefined) return check('the demo has a hub', false);
        const { url, user, password, link } = demo.hub;
        const refused = await fetch(`${url}/api/fleet`);
        check('a stranger sees nothing', refused.status === 401, `HTTP ${refused.status}`);
        const hub = await signInToHub(url, user, password);
        const device = () => hub.get<DeviceDetailView>(`/api/devices/${demoDevice.site}/${demoDevice.device}`);
        const waiting = async () => {
          const { uplink } = await api.view();
          return uplink === null ? -1 : uplink.pending.critical + uplink.pending.business + uplink.pending.metric;
        };
        const arrived = await holdsWithin(
          40_000,
          async () => (await device().catch(() => undefined))?.row.health === 'ok',
        );
        check('the station introduces itself to the hub', arrived, (await device().catch(() => undefined))?.row.reason);

        link.send({ command: 'link', state: 'cut' });
        const before = (await api.view()).inspected;
        const seen = new Set<string>();
        let most = 0;
        for (const end = Date.now() + cutMs; Date.now() < end; await pause(1_000)) {
          seen.add((await device()).row.health);
          most = Math.max(most, await waiting());
        }
        const during = (await api.view()).inspected - before;
        check(
          'the line goes on without the network',
          during > (cutMs / 1_000) * 2,
          `${during} parts in ${cutMs / 1_000} s`,
        );
        check('the buffer fills', most >= during, `${most} events waited`);
        check('the hub shows the silence', seen.has('stale') || seen.has('offline'), [...seen].join(', '));

        link.send({ command: 'link', state: 'up' });
        const drained = await holdsWithin(120_000, async () => (await waiting()) <= 5);
        check('the buffer drains when the network is back', drained, `${await waiting()} wait`);
        demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
        await holdsWithin(20_000, async () => (await waiting()) === 0);
        await pause(1_500);
        const [after, view] = [await device(), await api.view()];
        const [epoch] = after.epochs;
        check(
          'delivered and declared numbers are contiguous, and nothing was given up',
          after.epochs.length === 1 &&
            epoch?.contiguous === true &&
            epoch.missing === 0 &&
            after.row.declaredLost === 0,
          `1 to ${epoch?.highest}: ${epoch?.delivered} delivered, ${epoch?.declared} declared, ${epoch?.missing} missing`,
        );
        const { pass, reject, review, error } = after.verdicts;
        check(
          'the hub has every verdict of the station, once',
          pass + reject + review + error === view.inspected,
          `${pass + reject + review + error} of ${view.inspected}`,
        );
        const latency =
          after.latencies.find(({ name }) => name === 'edge.capture_to_act.duration') ?? after.latencies[0];
        check(
          'latency comes as merged histograms with their count',
          (latency?.count ?? 0) > 100 && latency?.p50Ms !== null,
          `${latency?.name}: p50 ${latency?.p50Ms?.toFixed(1)} ms of ${latency?.count}`,
        );
        const summary = await hub.get<FleetSummaryView>('/api/fleet');
        check(
          'no event was set aside and no device is incomplete',
          summary.ingest.quarantined === 0 && summary.incomplete === 0,
          `${summary.ingest.events} events, ${summary.ingest.duplicates} duplicates`,
        );
        const drift = await hub.get<HubDriftView>('/api/drift');
        check('a drift report has arrived', (drift.devices[0]?.report.features.length ?? 0) >= 4);
        // Hysteresis: an alert is cleared when its cause has been gone for half a minute.
        let alerts: readonly AlertView[] = [];
        const cleared = await holdsWithin(60_000, async () => {
          alerts = await hub.get<readonly AlertView[]>('/api/alerts?state=all&limit=50');
          return alerts.some(({ kind, clearedAt }) => (kind === 'offline' || kind === 'stale') && clearedAt !== null);
        });
        const told = alerts.map(({ kind, clearedAt }) => `${kind} ${clearedAt === null ? 'open' : 'cleared'}`);
        check('the silence raised an alert, and its end cleared it', cleared, told.join(', '));

        const queue = await hub.get<LabelQueueView>('/api/labels?state=open&limit=20');
        const [task] = queue.tasks;
        check('verdicts wait for a person', task !== undefined && task.pictures.length === 2, `${queue.open} open`);
        if (task !== undefined) {
          const truth = task.candidate.verdict === 'pass' ? 'good' : 'bad';
          const said = await hub.act('PUT', `/api/labels/${task.id}`, { truth, note: '' });
          const accuracy = await hub.get<LabelAccuracyView>('/api/labels/accuracy');
          check(
            'a label counts at once',
            said.status === 200 && accuracy.labelled === 1,
            `HTTP ${said.status}, ${accuracy.labelled} labelled`,
          );
          const entries = await hub.get<readonly AuditEntryView[]>('/api/audit?limit=50');
          const entry = entries.find(({ who, action }) => who === user && action.includes('label'));
          check('the audit says who did it', entry !== undefined, `${entry?.action} ${entry?.target}`);
        }
        const metrics = await fetch(`${demo.url}/metrics`);
        check('the station speaks Prometheus', /^edge_parts_total\{[^}]*verdict="pass"/m.test(await metrics.text()));

        await mkdir(out, { recursive: true });
        const axeSource = await readAxe();
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        const complaints: string[] = [];
        page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
        page.on('pageerror', (fault) => void complaints.push(fault.message));
        await page.goto(url);
        await page.waitForSelector('main[data-page="sign-in"]');
        await page.fill('input[autocomplete="username"]', user);
        await page.fill('input[autocomplete="current-password"]', password);
        await page.click('button[type="submit"]');
        await page.waitForSelector('main[data-page="fleet"]');
        for (const scheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme: scheme });
          for (const hash of pages) {
            const name = hash === '#/' ? 'fleet' : (hash.split('/')[1] ?? '');
            await page.goto(`${url}/${hash}`);
            await page.waitForTimeout(900);
            await page.screenshot({ path: join(out, `hub-${name}-${scheme}.png`) });
            const found = await axe(page, axeSource);
            check(
              `hub page ${name} in ${scheme} has no serious accessibility fault`,
              found.length === 0,
              found.join(', '),
            );
          }
        }
        check(
          'the page complains of nothing',
          complaints.filter((text) => !text.includes('401')).length === 0,
          complaints.join(' | ').slice(0, 300),
        );
      },
      { hub: true },
    );
  } finally {
    await browser.close();
  }
});
