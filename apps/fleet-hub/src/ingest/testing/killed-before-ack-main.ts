// An ingest worker as a process of its own that dies between its commit and the acknowledgement, when it is told to.
import { writeSync } from 'node:fs';
import { createRandom, fleetFilter, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import { z } from 'zod';
import { migrate } from '../../store/migrate.js';
import { openPgliteStore } from '../../store/pglite-store.js';
import { openPostgresqlStore } from '../../store/postgresql.js';
import { defaultDeviceLimits } from '../device-limits.js';
import { createIngestWorker } from '../ingest-worker.js';

const orderSchema = z.object({
  url: z.string(),
  /** Folder of PGlite, or port of a PostgreSQL on loopback. */
  store: z.union([z.string(), z.int()]),
  killed: z.boolean(),
});
const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const tell = (fact: object): void => void writeSync(1, `${JSON.stringify(fact)}\n`);

const random = createRandom(1);
const log = silentLogger;
const store =
  typeof order.store === 'string'
    ? openPgliteStore({ folder: order.store, maxWaiting: 200 })
    : openPostgresqlStore(
        {
          host: '127.0.0.1',
          port: order.store,
          database: 'postgres',
          user: 'hub',
          password: undefined,
          tlsCaFile: null,
          connections: 2,
          maxWaiting: 200,
          statementTimeoutMs: 30_000,
        },
        { log },
      );
await migrate(store);
const worker = createIngestWorker(
  { limits: defaultDeviceLimits, maxSeries: 100, queueBytes: 8_000_000, groupBytes: 1_000_000 },
  {
    store,
    clock: systemClock,
    random,
    log,
    appendAudit: () => Promise.resolve(),
    isRevoked: () => false,
    brokerState: () => '',
    wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
    publish: (topic, payload) => {
      if (order.killed) {
        const { events, duplicates } = worker.stats();
        tell({ event: 'killed', events, duplicates });
        process.kill(process.pid, 'SIGKILL');
      }
      return link.publish(topic, payload, { retain: false });
    },
  },
);
const link = connectMqtt(
  { url: order.url, tls: null, clientId: 'hub.ingest', will: null, cleanSession: true, keepaliveSeconds: 30 },
  {
    // It tells of a connection only when what was subscribed to is subscribed to again.
    onConnect: () => tell({ event: 'ready' }),
    onDisconnect: () => undefined,
    onMessage: (topic, payload, retained) => worker.handle(topic, payload, retained),
  },
  { clock: systemClock, random, log, limits: { reconnectBaseMs: 20, reconnectCapMs: 200 } },
);
link.subscribe(fleetFilter('tlm')).catch(() => undefined);
process.stdin.once('data', () => {
  void (async () => {
    await worker.close();
    await link.close();
    await store.close();
    const { events, duplicates } = worker.stats();
    tell({ event: 'stopped', events, duplicates });
    process.exit(0);
  })();
});
