import { describe, expect, it } from 'vitest';
import { paretoRows } from './pareto-data.js';

describe('paretoRows', () => {
  it('sorts by count and adds up to all', () => {
    const rows = paretoRows([
      { label: 'open', count: 1 },
      { label: 'spur', count: 3 },
      { label: 'short', count: 0 },
    ]);
    expect(rows.map((row) => row.label)).toEqual(['spur', 'open', 'short']);
    expect(rows.map((row) => row.cumulativeShare)).toEqual([0.75, 1, 1]);
    expect(rows[1]?.length).toBeCloseTo(1 / 3);
  });

  it('divides by nothing nowhere', () => {
    expect(paretoRows([{ label: 'open', count: 0 }])[0]).toMatchObject({ share: 0, cumulativeShare: 0, length: 0 });
  });
});
