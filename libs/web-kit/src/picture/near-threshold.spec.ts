import { describe, expect, it } from 'vitest';
import { nearThreshold } from './near-threshold.js';

const detection = (score: number, counted: boolean) => ({
  label: 'open',
  classIndex: 0,
  score,
  box: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 },
  threshold: 0.6,
  provenance: 'bundle',
  counted,
});

describe('nearThreshold', () => {
  it('keeps what counts and what comes half way, and leaves the rest to the record', () => {
    expect(nearThreshold(detection(0.1, true))).toBe(true);
    expect(nearThreshold(detection(0.3, false))).toBe(true);
    expect(nearThreshold(detection(0.29, false))).toBe(false);
  });
});
