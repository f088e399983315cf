import { describe, expect, it } from 'vitest';
import { pChart } from './p-chart.js';

/** Montgomery, Introduction to Statistical Quality Control, table 7.1: nonconforming cans in 30 samples of 50. */
const cans = [
  12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
];
const groups = (counts: readonly number[], inspected = 50) =>
  counts.map((rejected, i) => ({ at: String(i), rejected, inspected }));

describe('p-chart', () => {
  it('gives the centre and limits of the textbook example and marks its two points out of control', () => {
    const chart = pChart(groups(cans));
    expect(chart[0]?.centre).toBeCloseTo(0.2313, 4);
    expect(chart[0]?.low).toBeCloseTo(0.0524, 4);
    expect(chart[0]?.high).toBeCloseTo(0.4102, 4);
    const beyond = chart.flatMap((point, i) => (point.signals.includes('beyond-3-sigma') ? [i + 1] : []));
    expect(beyond).toEqual([15, 23]);
  });

  it('narrows the limits of larger subgroups', () => {
    const [small, large] = pChart([
      { at: 'a', rejected: 5, inspected: 25 },
      { at: 'b', rejected: 20, inspected: 100 },
    ]);
    expect(large?.high).toBeCloseTo(0.2 + 3 * Math.sqrt((0.2 * 0.8) / 100), 12);
    expect(small?.high).toBeCloseTo(0.2 + 3 * Math.sqrt((0.2 * 0.8) / 25), 12);
  });

  it('marks the eighth point on one side of the centre and no earlier one', () => {
    const marks = pChart(groups([...Array<number>(8).fill(6), ...Array<number>(8).fill(4)])).map(
      (point) => point.signals,
    );
    expect(marks.map((signals) => signals.includes('run-of-8'))).toEqual([
      ...Array<boolean>(7).fill(false),
      true,
      ...Array<boolean>(7).fill(false),
      true,
    ]);
  });

  it('counts a point on the centre for neither side', () => {
    const counts = [6, 6, 6, 6, 5, 6, 6, 6, 6, 4, 4, 4, 4, 5, 4, 4, 4, 4];
    expect(pChart(groups(counts)).every((point) => point.signals.length === 0)).toBe(true);
  });

  it('says nothing about nothing and keeps the limits within 0 and 1', () => {
    expect(pChart([])).toEqual([]);
    const [all] = pChart(groups([5], 5));
    expect([all?.low, all?.high, all?.signals]).toEqual([1, 1, []]);
  });
});
