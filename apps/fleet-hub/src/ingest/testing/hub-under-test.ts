import { acknowledgementSchema, createRandom, parseFleetTopic, silentLogger } from '@edge-blueprints/contracts';
import type { Acknowledgement, DeviceIdentity, FleetEvent } from '@edge-blueprints/contracts';
import type { SqlStore } from '../../store/sql-store.js';
import { defaultDeviceLimits } from '../device-limits.js';
import { createIngestWorker } from '../ingest-worker.js';
import type { IngestDeps } from '../ingest-worker.js';
import { testIdentity, testStartMs } from './events.js';

export interface Answer extends DeviceIdentity {
  readonly ack: Acknowledgement;
}

/** An ingest worker whose clock stands still and whose acknowledgements can be read. */
export function hubUnderTest(store: SqlStore, more: Partial<IngestDeps> & { readonly queueBytes?: number } = {}) {
  const answers: Answer[] = [];
  let nowMs = testStartMs + 600_000;
  const worker = createIngestWorker(
    { limits: defaultDeviceLimits, maxSeries: 100, queueBytes: more.queueBytes ?? 8_000_000, groupBytes: 1_000_000 },
    {
      store,
      clock: { epochMs: () => nowMs, monotonicMs: () => nowMs },
      random: createRandom(1),
      log: silentLogger,
      appendAudit: () => Promise.resolve(),
      isRevoked: () => false,
      brokerState: () => 'connected',
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      publish: (topic, payload) => {
        const { site, device } = parseFleetTopic(topic) ?? testIdentity;
        answers.push({ site, device, ack: acknowledgementSchema.parse(JSON.parse(new TextDecoder().decode(payload))) });
        return Promise.resolve();
      },
      ...more,
    },
  );
  return {
    worker,
    answers,
    setTime: (ms: number) => void (nowMs = ms),
    /** Sends a batch; `settle` waits for its outcome. */
    send: (events: readonly unknown[], { site, device }: DeviceIdentity = testIdentity) =>
      worker.handle(`edge/v1/${site}/${device}/tlm`, new TextEncoder().encode(JSON.stringify(events)), false),
    status: (online: boolean, boot: string, retained = false, { site, device }: DeviceIdentity = testIdentity) =>
      worker.handle(
        `edge/v1/${site}/${device}/status`,
        new TextEncoder().encode(JSON.stringify({ online, boot, time: new Date(nowMs).toISOString() })),
        retained,
      ),
    settle: async () => {
      await worker.close();
      return answers;
    },
  };
}

export type HubUnderTest = ReturnType<typeof hubUnderTest>;

const tables = [
  'device, stream, event, gap, quarantine, metric_series, metric_minute, metric_hour, histogram_part, histogram_hour',
  'retail_release, verdict_hour, drift_report, drift_alarm, label_task, label_picture, fleet_change, ingest_worker, setting',
].join(', ');

export const emptyTables = (store: SqlStore): Promise<void> =>
  store.script(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`);

/** Everything that the order of arrival must not change, as text. */
export async function tablesAsText(store: SqlStore): Promise<string> {
  const queries = [
    `SELECT site, device, epoch, highest, delivered::text, declared::text FROM stream JOIN device ON id = device_id ORDER BY 1, 2, 3`,
    `SELECT device_id, epoch, sequence, type, event_at, data FROM event ORDER BY 1, 2, 3`,
    `SELECT name, attribute_key, at, n, total, low, high, last FROM metric_minute JOIN metric_series ON id = series_id ORDER BY 1, 2, 3`,
    `SELECT at, bundle_version, pass, reject, review, error FROM verdict_hour ORDER BY 1, 2`,
    `SELECT alarm, state, body FROM drift_alarm ORDER BY 1`,
    `SELECT result_id, candidate, (SELECT count(*)::int8 FROM label_picture WHERE task_id = id) AS pictures FROM label_task ORDER BY 1`,
    `SELECT store, metric, window_to, ledger_entry, body FROM retail_release ORDER BY 1, 2, 3, 4, 5`,
    `SELECT epoch, numbers::text, cause FROM gap ORDER BY 1, 2, 3`,
    `SELECT sum((histogram->'counts'->>0)::int8)::int8 AS values FROM histogram_part`,
    `SELECT site, device, declared_lost, drift_alarms, backlog, bundle_version FROM device ORDER BY 1, 2`,
  ];
  const results = [];
  for (const query of queries) results.push((await store.query(query)).rows);
  return JSON.stringify(results);
}

export const numbersOf = (events: readonly FleetEvent[]): readonly number[] => events.map(({ sequence }) => sequence);
