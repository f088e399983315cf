import type { MetricsReport } from '@edge-blueprints/contracts';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import type { ExponentialHistogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { MetricAttributes } from './metrics-port.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** The report of the wire from what the SDK collected. Empty increments and empty histograms are left out. */
export function toMetricsReport(collected: ResourceMetrics, intervalMs: number): MetricsReport {
  const report: Mutable<MetricsReport> = { intervalMs, gauges: [], counters: [], histograms: [] };
  for (const metric of collected.scopeMetrics.flatMap((scope) => scope.metrics)) {
    const { name, unit } = metric.descriptor;
    if (metric.dataPointType === DataPointType.SUM) {
      for (const { attributes, value } of metric.dataPoints)
        if (value !== 0) report.counters.push({ name, attributes: texts(attributes), increment: value });
    } else if (metric.dataPointType === DataPointType.GAUGE) {
      for (const { attributes, value } of metric.dataPoints)
        report.gauges.push({ name, attributes: texts(attributes), value });
    } else if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) {
      for (const { attributes, value } of metric.dataPoints)
        if (value.count > 0) report.histograms.push({ name, attributes: texts(attributes), unit, ...histogram(value) });
    }
  }
  return report;
}

/** Times and shares are never negative here, so the buckets below zero are empty; what a clock step makes counts as zero. */
function histogram(value: ExponentialHistogram) {
  const negatives = value.negative.bucketCounts.reduce((sum, n) => sum + n, 0);
  return {
    scale: value.scale,
    zeroCount: value.zeroCount + negatives,
    offset: value.positive.offset,
    counts: [...value.positive.bucketCounts],
    sum: value.sum ?? 0,
    min: Math.max(0, value.min ?? 0),
    max: Math.max(0, value.max ?? 0),
  };
}

function texts(attributes: Readonly<Record<string, unknown>>): MetricAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}
