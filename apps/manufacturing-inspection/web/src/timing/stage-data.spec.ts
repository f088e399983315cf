import { describe, expect, it } from 'vitest';
import { partOf } from '../testing/part-of.js';
import { budgetOf } from './budget-data.js';
import { quantileText, stageBars, stageKey, stageName, totalLatency } from './stage-data.js';

const timings = {
  transportMs: 1,
  preprocessMs: 1,
  inferMs: 6,
  runMs: 5,
  postprocessMs: 0.5,
  decideMs: 0.5,
  actMs: 1,
  captureToActMs: 12,
};

describe('stages', () => {
  it('knows one stage under its several spellings', () => {
    expect(['captureToActMs', 'capture to act', 'capture-to-act'].map(stageKey)).toEqual(
      Array.from({ length: 3 }, () => 'capture-to-act'),
    );
    expect(stageName('model run')).toBe('of which model run');
    expect(stageName('polish')).toBe('polish');
  });

  it('finds the total', () => {
    const total = { stage: 'capture to act', count: 1, p50Ms: 9, p95Ms: null, p99Ms: null, maxMs: 9 };
    expect(totalLatency([{ ...total, stage: 'infer' }, total])).toBe(total);
    expect(totalLatency([])).toBeNull();
  });

  it('does not show a quantile that the count does not support', () => {
    expect(quantileText(null, 'p99')).toBe('n < 662');
    expect(quantileText(null, 'p95')).toBe('n < 59');
    expect(quantileText(9.84, 'p50')).toBe('9.8 ms');
  });
});

describe('stageBars', () => {
  it('adds up to the time from capture to act, the model run not counted twice', () => {
    const bars = stageBars(timings);
    expect(bars.reduce((sum, bar) => sum + bar.ms, 0)).toBeCloseTo(12);
    expect(bars.reduce((sum, bar) => sum + bar.share, 0)).toBeCloseTo(1);
    expect(bars.find((bar) => bar.stage === 'other')?.ms).toBeCloseTo(2);
    expect(bars[2]).toMatchObject({ stage: 'infer', startShare: 2 / 12 });
  });
});

describe('budgetOf', () => {
  it('shows the slowest part against the time to the ejector', () => {
    const recent = [partOf(1, { captureToActMs: 20 }), partOf(2)];
    expect(budgetOf({ recent, captureToActBudgetMs: 60 })).toEqual({ slowestMs: 20, leftMs: 60, usedShare: 0.25 });
  });

  it('is full when a part was late, and nothing before the first part', () => {
    expect(budgetOf({ recent: [partOf(1)], captureToActBudgetMs: -3 })?.usedShare).toBe(1);
    expect(budgetOf({ recent: [], captureToActBudgetMs: 60 })).toBeNull();
  });
});
