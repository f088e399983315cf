import type { ExponentialHistogram, MetricsReport } from '@edge-blueprints/contracts';
import {
  emptyExponential,
  exponentialAbove,
  exponentialCount,
  exponentialQuantile,
  mergeExponential,
} from '@edge-blueprints/pipeline';
import type { FleetChangeBody } from '../store/fleet-change.js';

/** When a device counts as degraded. */
export interface DeviceLimits {
  /** Wrong wall clock, ms. */
  readonly clockSkewMs: number;
  /** Share of the data disk in use. */
  readonly diskShare: number;
  readonly temperatureC: number;
  /** 99 of 100 parts must be faster than this from capture to act, ms. */
  readonly latencyMs: number;
}

export const defaultDeviceLimits: DeviceLimits = {
  clockSkewMs: 60_000,
  diskShare: 0.9,
  temperatureC: 85,
  latencyMs: 200,
};

type LimitChange = Extract<FleetChangeBody, { readonly kind: 'limit' }>;
type What = LimitChange['what'];

/** What one report says about the device as a whole; null where it says nothing. */
export interface DeviceReadings {
  readonly backlog: number | null;
  readonly diskShare: number | null;
  readonly temperatureC: number | null;
  /** Parts of this report, and how many of them were surely over the limit. */
  readonly latency: { readonly parts: number; readonly over: number; readonly p99Ms: number } | null;
}

const latencyMetric = 'edge.capture_to_act.duration';

export function readingsOf(report: MetricsReport, limits: DeviceLimits): DeviceReadings {
  const gauges = (name: string): readonly number[] =>
    report.gauges.filter((gauge) => gauge.name === name).map((gauge) => gauge.value);
  const backlog = gauges('edge.outbox.pending');
  const disk = gauges('system.filesystem.utilization');
  const temperature = gauges('hw.temperature');
  const latencies = report.histograms.filter(({ name }) => name === latencyMetric);
  return {
    backlog: backlog.length === 0 ? null : Math.round(backlog.reduce((sum, n) => sum + n, 0)),
    diskShare: disk.length === 0 ? null : Math.max(...disk),
    temperatureC: temperature.length === 0 ? null : Math.max(...temperature),
    latency: latencies.length === 0 ? null : latencyOf(latencies, limits.latencyMs),
  };
}

function latencyOf(histograms: MetricsReport['histograms'], limitMs: number) {
  const whole = histograms.reduce<ExponentialHistogram>((all, each) => mergeExponential(all, each), emptyExponential);
  return {
    parts: exponentialCount(whole),
    over: exponentialAbove(whole, limitMs / 1000),
    p99Ms: (exponentialQuantile(whole, 0.99) ?? 0) * 1000,
  };
}

/**
 * Which limits a device is over after a report, and what changed. A value that swings around its limit does not come and go:
 * it has to fall clearly below (disk 2 points, temperature 5 degrees, clock half, latency no slow part at all).
 */
export function judgeLimits(
  before: readonly string[],
  readings: DeviceReadings & { readonly clockSkewMs: number | null },
  limits: DeviceLimits,
): { readonly over: readonly What[]; readonly changes: readonly LimitChange[] } {
  const changes: LimitChange[] = [];
  const over: What[] = [];
  const judge = (what: What, value: number | null, limit: number, isOver: boolean, isClear: boolean): void => {
    const was = before.includes(what);
    const now = value === null ? was : was ? !isClear : isOver;
    if (now) over.push(what);
    if (now !== was && value !== null) changes.push({ kind: 'limit', what, over: now, value, limit });
  };
  const { clockSkewMs: skew, diskShare: disk, temperatureC: temperature, latency } = readings;
  const skewSize = Math.abs(skew ?? 0);
  judge('clock', skew, limits.clockSkewMs, skewSize > limits.clockSkewMs, skewSize < limits.clockSkewMs / 2);
  judge('disk', disk, limits.diskShare, (disk ?? 0) > limits.diskShare, (disk ?? 0) < limits.diskShare - 0.02);
  judge(
    'latency',
    latency === null || latency.parts === 0 ? null : latency.p99Ms,
    limits.latencyMs,
    // One slow part in a short report is no tail.
    latency !== null && latency.over >= Math.max(3, latency.parts / 100),
    latency !== null && latency.over === 0,
  );
  judge(
    'temperature',
    temperature,
    limits.temperatureC,
    (temperature ?? 0) > limits.temperatureC,
    (temperature ?? 0) < limits.temperatureC - 5,
  );
  return { over, changes };
}
