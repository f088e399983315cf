import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createEmbeddedBroker } from '@edge-blueprints/broker';
import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { epochsOf } from '../devices/contiguity.js';
import { testDevice, testFolder } from '../hub/testing/hub-fixture.js';
import type { TestFolder } from '../hub/testing/hub-fixture.js';
import { mosquittoMissing, startMosquitto } from '../hub/testing/mosquitto.js';
import { openPgliteStore } from '../store/pglite-store.js';
import { openPostgresqlStore } from '../store/postgresql.js';
import type { SqlStore } from '../store/sql-store.js';
import { postgresqlPrograms, startPostgresqlCluster } from '../store/testing/postgresql-cluster.js';

const closers: (() => void | Promise<void>)[] = [];
const later = (close: () => void | Promise<void>): void => void closers.push(close);
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const factSchema = z.object({
  event: z.enum(['ready', 'killed', 'stopped']),
  events: z.number().default(0),
  duplicates: z.number().default(0),
});
type Fact = z.infer<typeof factSchema>;

/** `told(event)` resolves with what the process said of it; a process that ends without saying it fails the test. */
async function startIngest(order: { url: string; store: string | number; killed: boolean }) {
  const main = join(import.meta.dirname, 'testing/killed-before-ack-main.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=@edge-blueprints/source', '--import', 'tsx', main, JSON.stringify(order)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const gone = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  later(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const facts: Fact[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => facts.push(factSchema.parse(JSON.parse(line))));
  const told = async (event: Fact['event']): Promise<Fact> => {
    await expect.poll(() => facts.some((fact) => fact.event === event), { timeout: 60_000 }).toBe(true);
    return facts.find((fact) => fact.event === event) ?? { event, events: -1, duplicates: -1 };
  };
  await told('ready');
  return { told, gone, stop: () => child.stdin.write('stop\n') };
}

interface Place {
  readonly url: string;
  readonly store: string | number;
  open(): SqlStore;
}

const programs = postgresqlPrograms();
const places: readonly { name: string; missing: boolean; make(folder: TestFolder): Promise<Place> }[] = [
  {
    name: 'the embedded broker and PGlite',
    missing: false,
    make: async ({ file }) => {
      const broker = await createEmbeddedBroker({
        listeners: [{ host: '127.0.0.1', port: 0, tls: null, plain: true }],
        log: silentLogger,
        clock: systemClock,
      });
      later(() => broker.close());
      const url = `mqtt://127.0.0.1:${broker.listeners[0]?.port}`;
      const store = file('store');
      return { url, store, open: () => openPgliteStore({ folder: store, maxWaiting: 50 }) };
    },
  },
  {
    name: 'Mosquitto and PostgreSQL',
    missing: mosquittoMissing || (programs === undefined && process.env['CI'] === undefined),
    make: async (folder) => {
      const [mosquitto, cluster] = [await startMosquitto(folder), await startPostgresqlCluster(programs ?? '')];
      later(mosquitto.stop);
      later(cluster.stop);
      const open = () => openPostgresqlStore(cluster.options, { log: silentLogger });
      return { url: mosquitto.url, store: cluster.options.port, open };
    },
  },
];

describe.each(places)('an ingest worker on $name', ({ missing, make }) => {
  it.skipIf(missing)(
    'is killed between commit and acknowledgement: the device keeps all, sends again, and nothing counts twice',
    { timeout: 180_000 },
    async () => {
      const folder = testFolder();
      later(folder.remove);
      const { url, store, open } = await make(folder);
      const device = await testDevice(url, { site: 'plant', device: 'press' }, folder);
      later(device.uplink.close);
      const waiting = async (): Promise<number> => (await device.uplink.stats()).outbox.pending.business;

      const dying = await startIngest({ url, store, killed: true });
      await device.parts(20);
      const { events: committed, duplicates } = await dying.told('killed');
      expect(await dying.gone).toBe('SIGKILL');
      expect(committed).toBeGreaterThan(0);
      expect(duplicates).toBe(0);
      // Only the acknowledgement of the hub deletes; the broker's came long ago.
      expect(await waiting()).toBe(20);

      const next = await startIngest({ url, store, killed: false });
      expect(await device.drained(60_000)).toBe(true);
      next.stop();
      const second = await next.told('stopped');
      await next.gone;
      expect(second.events).toBe(20 - committed);
      expect(second.duplicates).toBeGreaterThanOrEqual(committed);

      const hub = open();
      later(() => hub.close());
      expect(await epochsOf(hub, 1, 5)).toMatchObject([
        { highest: 20, delivered: 20, declared: 0, missing: 0, contiguous: true },
      ]);
      const { rows } = await hub.query(
        'SELECT (SELECT count(*)::int8 FROM event) AS events, sum(pass + reject)::int8 AS verdicts FROM verdict_hour',
      );
      expect(rows).toEqual([{ events: 20, verdicts: 20 }]);
    },
  );
});
