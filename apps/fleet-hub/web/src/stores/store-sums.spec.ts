import type { RetailRelease } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { sumOf, trendOf } from './store-sums.js';

const release = (values: Readonly<Record<string, number | null>>, error95 = 12): RetailRelease => ({
  format: 'edge-retail-release/1',
  store: 'corner',
  metric: 'counts',
  windowFrom: '2026-05-01T10:00:00.000Z',
  windowTo: '2026-05-01T11:00:00.000Z',
  planRevision: 1,
  mechanism: 'discrete-laplace',
  epsilon: 0.5,
  sensitivity: 2,
  error95,
  unit: 'people',
  minimum: 10,
  roundedTo: 5,
  coverage: 1,
  quality: 'good',
  qualityReasons: [],
  cells: Object.entries(values).map(([key, value]) => ({ key, value })),
  fragmentation: 1.8,
  ledger: { entry: 7, hash: '0'.repeat(64) },
  simulated: true,
});

describe('figures of a store', () => {
  it('adds a direction over doors and windows, with the range of the summed noise', () => {
    const counts = [release({ 'door/in': 50, 'door/out': 40 }), release({ 'door/in': 70, 'door/out': 55 })];
    const sum = sumOf(counts, 'in');
    expect(sum?.value).toBe(120);
    expect(sum?.error95).toBeCloseTo(1.96 * Math.sqrt(2 * 2 * (12 / Math.log(20)) ** 2), 9);
  });

  it('keeps the range of a single number, and knows nothing where all was suppressed', () => {
    expect(sumOf([release({ 'door/in': 30, 'door/out': null })], 'in')).toEqual({ value: 30, error95: 12 });
    expect(sumOf([release({ 'door/in': null, 'door/out': null })], 'in')).toBeUndefined();
    expect(trendOf([release({ 'door/in': null }), release({ 'door/in': 20 })])).toEqual([null, 20]);
  });
});
