import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionBins, edgeTexts, fewEdges, largestGap } from './distribution-bins.js';

describe('distributionBins', () => {
  it('makes shares of counts, so that a window lies over a longer reference', () => {
    expect(distributionBins({ edges: [1, 2], reference: [100, 200, 100], current: [0, 5, 5] })).toEqual([
      { reference: 0.25, current: 0, upTo: 1 },
      { reference: 0.5, current: 0.5, upTo: 2 },
      { reference: 0.25, current: 0.5, upTo: null },
    ]);
  });

  it('compares nothing where one side is empty', () => {
    expect(distributionBins({ edges: [1], reference: [1, 1], current: [0, 0] })).toEqual([]);
    expect(distributionBins({ edges: [1], reference: [], current: [1, 1] })).toEqual([]);
  });
});

describe('largestGap', () => {
  it('names the edge where the window and the reference lie farthest apart', () => {
    const bins = distributionBins({ edges: [1, 2, 3], reference: [1, 1, 1, 1], current: [2, 2, 0, 0] });
    expect(largestGap(bins)).toEqual({ edge: 2, reference: 0.5, current: 1 });
    expect(largestGap([])).toBeNull();
  });

  it('is at no other edge larger, whatever the counts', () => {
    const counts = fc.array(fc.nat({ max: 50 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, counts, (reference, current) => {
        const bins = distributionBins({ edges: [1, 2, 3], reference, current });
        const found = largestGap(bins);
        if (found === null) return bins.length === 0;
        return [1, 2, 3].every((edge) => {
          const upTo = bins.slice(0, edge);
          const gap = upTo.reduce((sum, bin) => sum + bin.reference - bin.current, 0);
          return Math.abs(gap) <= Math.abs(found.reference - found.current) + 1e-12;
        });
      }),
    );
  });
});

describe('edgeTexts', () => {
  it('takes more digits where neighbours would look alike, and gives up on equal ones', () => {
    expect(edgeTexts([0.85, 0.9])).toEqual(['0.85', '0.9']);
    expect(edgeTexts([0.9971, 1.0002, 1.0034])).toEqual(['0.9971', '1', '1.003']);
    expect(edgeTexts([1, 1 + 1e-9])).toEqual(['1', '1']);
  });
});

describe('fewEdges', () => {
  it('are the first, the middle and the last, each once', () => {
    expect([...fewEdges([1, 2, 3, 4, 5])]).toEqual([0, 2, 4]);
    expect([...fewEdges([1, 2])]).toEqual([0, 1]);
    expect([...fewEdges([])]).toEqual([]);
  });
});
