import { metricsReportSchema } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../index.js';

const make = () => {
  let nowMs = 0;
  const metrics = createMetrics({ resource: { 'service.name': 'station' }, monotonicMs: () => nowMs });
  return { metrics, pass: (ms: number) => void (nowMs += ms) };
};

describe('metrics', () => {
  it('report what happened since the last report, in a form the wire accepts', async () => {
    const { metrics, pass } = make();
    metrics.add('edge.parts', 2, { verdict: 'pass' });
    metrics.set('system.cpu.utilization', 0.5);
    for (const s of [0.01, 0.02, 0.04]) metrics.record('edge.inference.duration', s, { model: 'a', provider: 'cpu' });
    pass(1_000);
    const first = await metrics.report();
    expect(metricsReportSchema.parse(first)).toEqual(first);
    expect(first.intervalMs).toBe(1_000);
    expect(first.counters).toEqual([{ name: 'edge.parts', attributes: { verdict: 'pass' }, increment: 2 }]);
    expect(first.gauges).toEqual([{ name: 'system.cpu.utilization', attributes: {}, value: 0.5 }]);
    const [histogram] = first.histograms;
    expect(histogram).toMatchObject({ name: 'edge.inference.duration', unit: 's', min: 0.01, max: 0.04 });
    expect(histogram?.counts.reduce((a, b) => a + b, 0)).toBe(3);

    metrics.add('edge.parts', 1, { verdict: 'pass' });
    const second = await metrics.report();
    expect(second.counters).toEqual([{ name: 'edge.parts', attributes: { verdict: 'pass' }, increment: 1 }]);
    expect(second.histograms).toEqual([]);
    await metrics.close();
  });

  it('puts each value into the bucket that the definition of OpenTelemetry names', async () => {
    const { metrics } = make();
    const values = [0.001, 0.0123, 0.5, 3];
    for (const value of values) metrics.record('edge.stage.duration', value, { stage: 'act' });
    const { histograms } = await metrics.report();
    const [h] = histograms;
    if (!h) throw new TypeError('no histogram');
    const base = 2 ** (2 ** -h.scale);
    for (const value of values) {
      const index = h.counts.findIndex(
        (n, i) =>
          n > 0 && value > base ** (h.offset + i) * (1 - 1e-9) && value <= base ** (h.offset + i + 1) * (1 + 1e-9),
      );
      expect(index, `${value}`).toBeGreaterThanOrEqual(0);
    }
    await metrics.close();
  });

  it('speaks the text format of Prometheus, cumulative, whoever else reads', async () => {
    const { metrics } = make();
    metrics.add('edge.parts', 3, { verdict: 'reject' });
    metrics.record('edge.capture_to_act.duration', 0.012, { model: 'a' });
    await metrics.report();
    metrics.add('edge.parts', 1, { verdict: 'reject' });
    const text = await metrics.prometheus();
    expect(text).toMatch(/^edge_parts_total\{[^}]*verdict="reject"[^}]*\} 4/m);
    expect(text).toMatch(/^# TYPE edge_capture_to_act_duration\w* histogram$/m);
    expect(text).toMatch(/edge_capture_to_act_duration\w*_bucket\{[^}]*le="0.015"[^}]*\} 1/);
    expect(text).toMatch(/target_info\{[^}]*service_name="station"/);
    await metrics.close();
  });

  it('leaves out what is no number and counts it', async () => {
    const { metrics } = make();
    metrics.record('edge.inference.duration', Number.NaN);
    metrics.set('hw.temperature', Number.POSITIVE_INFINITY);
    expect(metrics.invalid()).toBe(2);
    const report = await metrics.report();
    expect([...report.gauges, ...report.histograms]).toEqual([]);
    await metrics.close();
  });

  it('folds attribute sets beyond the bound instead of growing', async () => {
    const { metrics } = make();
    for (let i = 0; i < 1_000; i++) metrics.add('edge.drops', 1, { cause: `cause-${i}` });
    const { counters } = await metrics.report();
    expect(counters.length).toBeLessThanOrEqual(61);
    expect(counters.reduce((sum, c) => sum + c.increment, 0)).toBe(1_000);
    await metrics.close();
  });
});
