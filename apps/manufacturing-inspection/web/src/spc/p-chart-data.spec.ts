import { describe, expect, it } from 'vitest';
import type { PChartPoint } from '@edge-blueprints/contracts';
import { pChartColumns } from './p-chart-data.js';

const point = (share: number, signals: readonly string[]): PChartPoint => ({
  at: '',
  rejected: 0,
  inspected: 25,
  share,
  centre: 0.05,
  low: 0,
  high: 0.18,
  signals,
});

describe('pChartColumns', () => {
  it('marks a point once, beyond the limits before a run', () => {
    const columns = pChartColumns([
      point(0.04, []),
      point(0.3, ['run-of-8', 'beyond-3-sigma']),
      point(0.1, ['run-of-8']),
    ]);
    expect(columns.beyond).toEqual([null, 0.3, null]);
    expect(columns.run).toEqual([null, null, 0.1]);
    expect(columns.x).toEqual([1, 2, 3]);
  });

  it('is empty for no subgroups', () => {
    expect(pChartColumns([]).share).toEqual([]);
  });
});
