import type { FleetSummaryView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { ingestStatsSchema } from '../ingest/ingest-stats.js';
import type { IngestStats } from '../ingest/ingest-stats.js';
import type { SqlStore } from '../store/sql-store.js';
import { countIncomplete } from './contiguity.js';
import { healthSql, healths } from './device-health.js';
import type { DeviceHealth, PresenceLimits } from './device-health.js';

const countSchema = z.array(z.object({ site: z.string(), health: z.enum(healths), n: z.number() }));
const openSchema = z.object({ alerts: z.number(), labels: z.number() });

/** A worker that has not written for so long is gone. */
const workerGoneMs = 15_000;

/** The ingest workers that run, in whatever process. */
export async function readIngestWorkers(
  store: SqlStore,
  nowMs: number,
): Promise<readonly { readonly name: string; readonly stats: IngestStats }[]> {
  const { rows } = await store.query(
    'SELECT name, body AS stats FROM ingest_worker WHERE at > to_timestamp($1 / 1000.0) ORDER BY name',
    [nowMs - workerGoneMs],
  );
  return z.array(z.object({ name: z.string(), stats: ingestStatsSchema })).parse(rows);
}

/** The fleet in numbers. Ingest figures are those of the workers that run, each since its own start. */
export async function readFleetSummary(
  store: SqlStore,
  limits: PresenceLimits,
  nowMs: number,
): Promise<FleetSummaryView> {
  const counts = await store.query(
    `SELECT d.site, ${healthSql(limits, 'to_timestamp($1 / 1000.0)')} AS health, count(*)::int8 AS n
     FROM device d GROUP BY 1, 2 ORDER BY 1`,
    [nowMs],
  );
  const open = await store.query(
    `SELECT (SELECT count(*) FROM alert WHERE cleared_at IS NULL)::int8 AS alerts,
       (SELECT count(*) FROM label_task WHERE truth IS NULL)::int8 AS labels`,
  );
  const workers = await store.query('SELECT body FROM ingest_worker WHERE at > to_timestamp($1 / 1000.0)', [
    nowMs - workerGoneMs,
  ]);
  const stats = z
    .array(z.object({ body: ingestStatsSchema }))
    .parse(workers.rows)
    .map(({ body }) => body);
  const sum = (valueOf: (worker: (typeof stats)[number]) => number): number =>
    stats.reduce((total, worker) => total + valueOf(worker), 0);
  const all = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  const bySite = new Map<string, Record<DeviceHealth, number>>();
  const byHealth = none();
  for (const { site, health, n } of countSchema.parse(counts.rows)) {
    const own = bySite.get(site) ?? none();
    own[health] += n;
    byHealth[health] += n;
    bySite.set(site, own);
  }
  const { alerts, labels } = openSchema.parse(open.rows[0]);
  return {
    at: new Date(nowMs).toISOString(),
    devices: all(byHealth),
    byHealth,
    sites: [...bySite].map(([site, own]) => ({ site, devices: all(own), byHealth: own })),
    openAlerts: alerts,
    openLabels: labels,
    ingest: {
      events: sum((worker) => worker.events),
      duplicates: sum((worker) => worker.duplicates),
      quarantined: sum((worker) => all(worker.quarantined)),
      batchesRefused: sum((worker) => all(worker.batchesRefused)),
      eventsPerSecond: sum((worker) => worker.eventsPerSecond),
      broker: [...new Set(stats.map((worker) => worker.broker))].join(', ') || 'no ingest worker runs',
      store: store.kind,
      workers: stats.length,
    },
    incomplete: await countIncomplete(store),
  };
}

function none(): Record<DeviceHealth, number> {
  return { ok: 0, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 };
}
