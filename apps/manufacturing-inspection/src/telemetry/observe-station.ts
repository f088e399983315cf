import type { StationView } from '@edge-blueprints/contracts';
import type { Metrics } from '@edge-blueprints/telemetry';

const states = ['Stopped', 'Idle', 'Execute', 'Held', 'Suspended', 'Aborted'] as const;

/** Gauges of the station as it is now. @returns its totals of what was dropped, by cause */
export function observeStation(metrics: Metrics, view: StationView): Readonly<Record<string, number>> {
  for (const state of states) metrics.set('edge.line.state', view.lineState === state ? 1 : 0, { state });
  metrics.set('edge.plc.connected', view.plc.connected ? 1 : 0);
  return view.drops;
}
