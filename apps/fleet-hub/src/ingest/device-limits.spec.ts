import { createExponentialHistogram } from '@edge-blueprints/pipeline';
import type { FleetEventData } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { defaultDeviceLimits, judgeLimits, readingsOf } from './device-limits.js';

type Report = FleetEventData<'edge-blueprints.metrics.v1'>;
const report = (more: Partial<Report>): Report => ({
  intervalMs: 10_000,
  gauges: [],
  counters: [],
  histograms: [],
  ...more,
});
const latencyReport = (valuesMs: readonly number[]): Report => {
  const recorder = createExponentialHistogram();
  for (const ms of valuesMs) recorder.record(ms / 1000);
  const histogram = { name: 'edge.capture_to_act.duration', attributes: {}, unit: 's', ...recorder.take() };
  return report({ histograms: [histogram] });
};
const judge = (before: readonly string[], given: Report, clockSkewMs: number | null = null) =>
  judgeLimits(before, { ...readingsOf(given, defaultDeviceLimits), clockSkewMs }, defaultDeviceLimits);
const disk = (value: number) => report({ gauges: [{ name: 'system.filesystem.utilization', attributes: {}, value }] });

describe('limits of a device', () => {
  it('tells once that the disk is full, and once that it is not, however much it swings', () => {
    let over: readonly string[] = [];
    const told: boolean[] = [];
    for (const value of [0.8, 0.91, 0.895, 0.91, 0.89, 0.87, 0.89]) {
      const judged = judge(over, disk(value));
      told.push(...judged.changes.map((change) => change.over));
      over = judged.over;
    }
    expect(told).toEqual([true, false]);
  });

  it('takes the tail of the latency, not one slow part', () => {
    expect(judge([], latencyReport([...Array<number>(100).fill(20), 900])).over).toEqual([]);
    expect(judge([], latencyReport([...Array<number>(100).fill(20), 900, 900, 900])).over).toEqual(['latency']);
    expect(judge(['latency'], latencyReport([...Array<number>(100).fill(20), 900])).over).toEqual(['latency']);
    expect(judge(['latency'], latencyReport([20])).changes).toMatchObject([{ what: 'latency', over: false }]);
  });

  it('leaves a limit as it is while nothing is said about it', () => {
    expect(judge(['disk', 'temperature'], report({}))).toEqual({ over: ['disk', 'temperature'], changes: [] });
    expect(judge(['latency'], latencyReport([]))).toEqual({ over: ['latency'], changes: [] });
  });

  it('judges a clock in both directions', () => {
    expect(judge([], report({}), -90_000).changes).toMatchObject([{ what: 'clock', over: true, value: -90_000 }]);
    expect(judge(['clock'], report({}), 40_000).over).toEqual(['clock']);
    expect(judge(['clock'], report({}), 10_000).over).toEqual([]);
  });

  it('adds up the backlog of all classes', () => {
    const pending = ['critical', 'business', 'metric'].map((name, i) => ({
      name: 'edge.outbox.pending',
      attributes: { class: name },
      value: i + 1,
    }));
    expect(readingsOf(report({ gauges: pending }), defaultDeviceLimits).backlog).toBe(6);
  });
});
