import type { CounterName, GaugeName, HistogramName, MetricsReport } from '@edge-blueprints/contracts';

export type MetricAttributes = Readonly<Record<string, string>>;

/** What is measured, in the names and units of `metricCatalogue`. No call waits or fails: telemetry never stops the path. */
export interface Metrics {
  add(name: CounterName, increment: number, attributes?: MetricAttributes): void;
  /** Durations in seconds. NaN and infinities are counted in `invalid()` and left out. */
  record(name: HistogramName, value: number, attributes?: MetricAttributes): void;
  set(name: GaugeName, value: number, attributes?: MetricAttributes): void;
  /** Prometheus text format: cumulative, histograms with fixed buckets. */
  prometheus(): Promise<string>;
  /** What happened since the last report: for the hub. Gauges that were never set are absent. */
  report(): Promise<MetricsReport>;
  invalid(): number;
  close(): Promise<void>;
}

/** `service.name`, `service.version` and the like; they become the labels of Prometheus' `target_info`. */
export type MetricResource = Readonly<Record<string, string>>;
