import { metricCatalogue } from '@edge-blueprints/contracts';
import type { CounterName, GaugeName, HistogramName, MetricKind, MetricName } from '@edge-blueprints/contracts';
import type { Counter, Gauge, Histogram } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createReportReader } from './report-reader.js';
import { toMetricsReport } from './metrics-report.js';
import type { MetricResource, Metrics } from './metrics-port.js';

/** Bucket edges of Prometheus histograms, seconds: fine around 10 to 50 ms, where a belt's deadlines lie. */
const durationEdges = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5,
];
const shareEdges = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * One meter with two readers: Prometheus (cumulative, fixed buckets) and the fleet's report (increments, exponential
 * histograms, which merge without error at the hub).
 */
export function createMetrics(options: {
  readonly resource: MetricResource;
  readonly monotonicMs: () => number;
}): Metrics {
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const reader = createReportReader();
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ ...options.resource }),
    readers: [prometheus, reader],
  });
  const meter = provider.getMeter('edge-blueprints');
  const describe = ({ unit, description }: { readonly unit: string; readonly description: string }) => ({
    unit,
    description,
  });
  const counters = new Map<CounterName, Counter>();
  const gauges = new Map<GaugeName, Gauge>();
  const histograms = new Map<HistogramName, Histogram>();
  for (const name of namesOf('counter')) counters.set(name, meter.createCounter(name, describe(metricCatalogue[name])));
  for (const name of namesOf('gauge')) gauges.set(name, meter.createGauge(name, describe(metricCatalogue[name])));
  for (const name of namesOf('histogram'))
    histograms.set(
      name,
      meter.createHistogram(name, {
        ...describe(metricCatalogue[name]),
        advice: { explicitBucketBoundaries: metricCatalogue[name].unit === 's' ? durationEdges : shareEdges },
      }),
    );
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  let invalid = 0;
  let reportedAtMs = options.monotonicMs();
  const guard = (value: number, write: () => void): void => {
    if (Number.isFinite(value)) write();
    else invalid += 1;
  };
  return {
    add: (name, increment, attributes) => guard(increment, () => counters.get(name)?.add(increment, attributes)),
    record: (name, value, attributes) => guard(value, () => histograms.get(name)?.record(value, attributes)),
    set: (name, value, attributes) => guard(value, () => gauges.get(name)?.record(value, attributes)),
    prometheus: async () => serializer.serialize((await prometheus.collect()).resourceMetrics),
    report: async () => {
      const nowMs = options.monotonicMs();
      const { resourceMetrics } = await reader.collect();
      const intervalMs = Math.max(0, Math.round(nowMs - reportedAtMs));
      reportedAtMs = nowMs;
      return toMetricsReport(resourceMetrics, intervalMs);
    },
    invalid: () => invalid,
    close: () => provider.shutdown(),
  };
}

function namesOf<K extends MetricKind>(kind: K) {
  return (Object.keys(metricCatalogue) as MetricName[]).filter(
    (
      name,
    ): name is Extract<MetricName, K extends 'counter' ? CounterName : K extends 'gauge' ? GaugeName : HistogramName> =>
      metricCatalogue[name].kind === kind,
  );
}
