import type { CounterName, FleetSummaryView } from '@edge-blueprints/contracts';
import type { MetricAttributes, Metrics } from '@edge-blueprints/telemetry';
import { z } from 'zod';
import type { AlertBook } from '../alerts/alert-book.js';
import { ingestStatsSchema } from '../ingest/ingest-stats.js';
import type { SqlStore } from '../store/sql-store.js';

const workerRows = z.array(z.object({ name: z.string(), body: ingestStatsSchema }));

/**
 * Body of `GET /metrics` of the hub: gauges are read at the scrape, counters grow by what the ingest workers have told since
 * the scrape before. A worker that started again begins at zero, so its whole count is new.
 */
export function createHubMetrics(
  metrics: Metrics,
  deps: {
    readonly store: SqlStore;
    readonly summary: () => Promise<FleetSummaryView>;
    readonly alerts: Pick<AlertBook, 'counts'>;
  },
): { text(): Promise<string> } {
  const last = new Map<string, number>();
  const grow = (worker: string, name: CounterName, value: number, attributes: MetricAttributes = {}): void => {
    const key = JSON.stringify([worker, name, attributes]);
    const before = last.get(key) ?? 0;
    last.set(key, value);
    const increment = value >= before ? value - before : value;
    if (increment > 0 || before === 0) metrics.add(name, increment, attributes);
  };
  const growAll = async (): Promise<void> => {
    const { rows } = await deps.store.query('SELECT name, body FROM ingest_worker ORDER BY name');
    const workers = workerRows.parse(rows);
    const names = new Set(workers.map(({ name }) => name));
    // Workers that are gone are forgotten, or the list would grow with every restart.
    for (const key of last.keys()) if (!names.has(workerOf(key))) last.delete(key);
    for (const { name, body } of workers) {
      grow(name, 'hub.ingest.events', body.events);
      grow(name, 'hub.ingest.duplicates', body.duplicates);
      for (const [code, count] of Object.entries(body.quarantined))
        grow(name, 'hub.ingest.quarantined', count, { code });
      for (const [code, count] of Object.entries(body.batchesRefused))
        grow(name, 'hub.ingest.batches.refused', count, { code });
    }
  };
  return {
    text: async () => {
      const summary = await deps.summary();
      const open = await deps.alerts.counts();
      for (const [health, count] of Object.entries(summary.byHealth)) metrics.set('hub.devices', count, { health });
      metrics.set('hub.devices.incomplete', summary.incomplete);
      metrics.set('hub.alerts.open', open.warning, { severity: 'warning' });
      metrics.set('hub.alerts.open', open.alarm, { severity: 'alarm' });
      metrics.set('hub.labels.open', summary.openLabels);
      await growAll();
      return metrics.prometheus();
    },
  };
}

function workerOf(key: string): string {
  return z.tuple([z.string()]).rest(z.unknown()).parse(JSON.parse(key))[0];
}
