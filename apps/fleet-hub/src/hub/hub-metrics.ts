import type { FleetSummaryView } from '@edge-blueprints/contracts';
import { createMetrics } from '@edge-blueprints/telemetry';
import type { Metrics } from '@edge-blueprints/telemetry';
import type { AlertBook } from '../alerts/alert-book.js';
import type { IngestStats } from '../ingest/ingest-stats.js';
import type { HubDeps } from './hub-deps.js';

export interface HubMetrics {
  /** Prometheus text, with the state of this moment. */
  text(): Promise<string>;
  /** Of the ingest in this process. */
  commitTook(seconds: number): void;
  close(): Promise<void>;
}

/** The hub's own metrics, with the counters of all ingest workers that run. */
export function createHubMetrics(
  parts: {
    readonly summary: () => Promise<FleetSummaryView>;
    readonly alerts: Pick<AlertBook, 'counts'>;
    readonly workers: () => Promise<readonly { readonly name: string; readonly stats: IngestStats }[]>;
  },
  deps: HubDeps,
): HubMetrics {
  const metrics: Metrics = createMetrics({
    resource: { 'service.name': 'edge-blueprints-hub', 'service.version': deps.version },
    monotonicMs: deps.clock.monotonicMs,
  });
  const told = new Map<string, number>();
  const grown = (key: string, total: number): number => {
    const before = told.get(key) ?? 0;
    told.set(key, total);
    // A worker that began again counts from zero.
    return total < before ? total : total - before;
  };
  const readIngest = ({ name, stats }: { readonly name: string; readonly stats: IngestStats }): void => {
    metrics.add('hub.ingest.events', grown(`${name} events`, stats.events));
    metrics.add('hub.ingest.duplicates', grown(`${name} duplicates`, stats.duplicates));
    for (const [code, n] of Object.entries(stats.quarantined))
      metrics.add('hub.ingest.quarantined', grown(`${name} quarantined ${code}`, n), { code });
    for (const [code, n] of Object.entries(stats.batchesRefused))
      metrics.add('hub.ingest.batches.refused', grown(`${name} refused ${code}`, n), { code });
  };
  return {
    text: async () => {
      const summary = await parts.summary();
      const open = await parts.alerts.counts();
      for (const worker of await parts.workers()) readIngest(worker);
      for (const [health, n] of Object.entries(summary.byHealth)) metrics.set('hub.devices', n, { health });
      metrics.set('hub.devices.incomplete', summary.incomplete);
      metrics.set('hub.labels.open', summary.openLabels);
      metrics.set('hub.alerts.open', open.warning, { severity: 'warning' });
      metrics.set('hub.alerts.open', open.alarm, { severity: 'alarm' });
      return metrics.prometheus();
    },
    commitTook: (seconds) => metrics.record('hub.ingest.commit.duration', seconds),
    close: metrics.close,
  };
}
