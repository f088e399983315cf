import { describe, expect, it } from 'vitest';
import { latencyName, quantileText } from './quantile-text.js';
import { bandOf, besideBand, latestOf, seriesName, seriesValue, shownUnit } from './series-facts.js';

describe('series', () => {
  it('know the band of shares and percentages alike, and none of what they do not know', () => {
    expect(bandOf({ name: 'system.cpu.utilization', unit: '1' })).toEqual({ low: 0, high: 0.85 });
    expect(bandOf({ name: 'cpu', unit: '%' })).toEqual({ low: 0, high: 85 });
    expect(bandOf({ name: 'process.memory.usage', unit: 'By' })).toBeNull();
    expect(bandOf({ name: 'parts', unit: '1' })).toBeNull();
  });

  it('say on which side of the band the last known value is', () => {
    const band = { low: 0, high: 80 };
    expect(latestOf({ values: [1, 84, null] })).toBe(84);
    expect([besideBand(84, band), besideBand(80, band), besideBand(-1, band)]).toEqual(['above', null, 'below']);
    expect(besideBand(null, band)).toBeNull();
    expect(latestOf({ values: [null] })).toBeNull();
  });

  it('read as people read', () => {
    expect(seriesName('hw.temperature')).toBe('Temperature');
    expect(seriesName('process.memory.usage')).not.toBe(seriesName('system.memory.utilization'));
    expect(shownUnit({ name: 'system.cpu.utilization', unit: '1' })).toBe('1');
    expect(shownUnit({ name: 'edge.drift.effect', unit: '1' })).toBe('');
    expect(seriesName('odd.one')).toBe('odd.one');
    expect(seriesValue(0.634, '1')).toBe('63%');
    expect(seriesValue(71.6, 'Cel')).toBe('72 °C');
    expect(seriesValue(1_536_000, 'By')).toBe('1.54 MB');
    expect(seriesValue(12_345, '{event}')).toBe('12,345 event');
    expect(seriesValue(null, '1')).toBe('–');
  });
});

describe('latencyName', () => {
  it('says what is measured, and keeps what it does not know', () => {
    expect(latencyName('edge.stage.duration infer')).toBe('Stage infer');
    expect(latencyName('edge.capture_to_act.duration')).toBe('Capture to act');
    expect(latencyName('other.duration')).toBe('other.duration');
  });
});

describe('quantileText', () => {
  it('says how many samples are missing instead of a figure that they do not support', () => {
    expect([quantileText(8.3, 'p50'), quantileText(null, 'p99')]).toEqual(['8.3 ms', 'n < 662']);
  });
});
