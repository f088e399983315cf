import { describe, expect, it } from 'vitest';
import { costAt, costColumns, costOfMoving } from './cost-data.js';
import { clampThreshold } from './threshold-range.js';

const points = [0.7, 0.5, 0.3].map((threshold) => ({
  threshold,
  rejects: Math.round(100 - threshold * 100),
  of: 200,
  missShare: threshold < 0.4 ? null : { count: 4, of: 40, share: 0.1, low: 0.04, high: 0.23 },
  falseRejectShare: null,
}));

describe('cost of moving a threshold', () => {
  it('compares the nearest recorded points', () => {
    expect(costOfMoving(points, 0.5, 0.32)).toMatchObject({
      now: { rejects: 50 },
      then: { rejects: 70 },
      rejectsChange: 20,
    });
    expect(costAt([], 0.5)).toBeNull();
    expect(costOfMoving([], 0.5, 0.4)).toBeNull();
  });

  it('draws in rising order', () => {
    expect(costColumns(points)).toEqual({
      x: [0.3, 0.5, 0.7],
      rejects: [70, 50, 30],
      missed: [null, 0.1, 0.1],
      falseRejects: [null, null, null],
    });
  });

  it('keeps the knob on hundredths that the station accepts', () => {
    expect([0, 0.301, 0.999].map(clampThreshold)).toEqual([0.01, 0.3, 0.99]);
  });
});
