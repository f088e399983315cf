import { describe, expect, it } from 'vitest';
import type { RecordedDetection } from '@edge-blueprints/contracts';
import { foundClasses, foundText } from './found-text.js';

const found = (label: string, score: number, counted = true): RecordedDetection => ({
  label,
  classIndex: 0,
  score,
  box: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 },
  threshold: 0.5,
  provenance: 'bundle',
  counted,
});

describe('foundClasses', () => {
  it('counts by class with the top score, the surest first, and leaves out what is below its threshold', () => {
    expect(
      foundClasses([found('open', 0.6), found('spur', 0.9), found('open', 0.8), found('short', 0.3, false)]),
    ).toEqual([
      { label: 'spur', count: 1, topScore: 0.9 },
      { label: 'open', count: 2, topScore: 0.8 },
    ]);
  });

  it('says so when nothing counts', () => {
    expect(foundText([found('open', 0.2, false)])).toBe('Nothing found.');
  });
});
