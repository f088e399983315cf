import { errorMessage } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import { appendDeviceAudit } from '../audit/audit-log.js';
import type { HubConfig } from '../config.js';
import { createIngestWorker } from '../ingest/ingest-worker.js';
import type { IngestWorker } from '../ingest/ingest-worker.js';
import type { SqlStore } from '../store/sql-store.js';
import type { HubDeps } from './hub-deps.js';
import { startLoop } from './loop.js';
import type { HubBroker } from './open-broker.js';

export interface HubIngest {
  readonly stats: IngestWorker['stats'];
  readonly connected: () => boolean;
  close(): Promise<void>;
}

/** One acknowledgement a batch: a group of small batches has many. */
const linkLimits = { maxWaiting: 50_000, maxInFlight: 500, inboundWindow: 64 };
const tellStatsMs = 2_000;
const subscribeAgainMs = 1_000;

/** Connects to the broker as a worker, takes telemetry in, and tells the store how it does. */
export function openHubIngest(
  config: HubConfig,
  parts: {
    readonly store: SqlStore;
    readonly broker: HubBroker;
    readonly isRevoked: (identity: DeviceIdentity) => boolean;
    readonly onCommit: (seconds: number) => void;
  },
  deps: HubDeps,
): HubIngest {
  const { store, broker } = parts;
  const { clock, log, random } = deps;
  const { url, tls } = broker;
  const { clockSkewMs, diskShare, temperatureC, latencyMs } = config.devices;
  const worker = createIngestWorker(
    { ...config.ingest, limits: { clockSkewMs, diskShare, temperatureC, latencyMs } },
    {
      store,
      clock,
      random: random.fork('ingest'),
      log,
      appendAudit: appendDeviceAudit,
      isRevoked: parts.isRevoked,
      publish: (topic, payload) => link.publish(topic, payload, { retain: false }),
      brokerState: () => brokerText(broker, link.stats().state),
      wait: waitFor,
      onCommit: parts.onCommit,
    },
  );
  let closing = false;
  const filters = new Set([broker.statusFilter, broker.telemetryFilter]);
  const subscribe = async (): Promise<void> => {
    for (const filter of [...filters]) {
      try {
        await link.subscribe(filter);
        filters.delete(filter);
      } catch (error) {
        log.warn('ingest.subscribe-failed', { filter, message: errorMessage(error) });
      }
    }
  };
  const link = connectMqtt(
    { url, tls, clientId: `hub.${deps.worker}`, will: null, cleanSession: true, keepaliveSeconds: 30 },
    {
      onConnect: () => void subscribe(),
      onDisconnect: (reason) => {
        if (!closing) log.warn('ingest.disconnected', { reason });
      },
      onMessage: (topic, payload, retained) => worker.handle(topic, payload, retained),
    },
    { clock, random: random.fork('ingest-link'), log, limits: linkLimits },
  );
  // The link keeps what was subscribed once; only what the broker refused has to be asked for again.
  const stopSubscribing = startLoop({ name: 'subscribe', everyMs: subscribeAgainMs, log }, async () => {
    if (filters.size > 0 && link.connected()) await subscribe();
  });
  const tell = async (): Promise<void> => {
    await store.query(
      `INSERT INTO ingest_worker (name, at, body) VALUES ($1, to_timestamp($2 / 1000.0), $3::jsonb)
       ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body`,
      [deps.worker, clock.epochMs(), JSON.stringify(worker.stats())],
    );
  };
  const stopTelling = startLoop({ name: 'ingest-stats', everyMs: tellStatsMs, log }, tell);
  return {
    stats: worker.stats,
    connected: link.connected,
    close: async () => {
      closing = true;
      await stopSubscribing();
      await stopTelling();
      // What waits is committed and acknowledged while the connection still stands.
      await worker.close();
      await link.close();
    },
  };
}

function brokerText({ embedded }: HubBroker, state: string): string {
  const kind = embedded === null ? 'MQTT' : embedded.stats().secure ? 'embedded, TLS' : 'embedded, plain loopback';
  return `${kind}, ${state}`;
}

function waitFor(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
