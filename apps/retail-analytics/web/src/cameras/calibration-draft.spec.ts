import { describe, expect, it } from 'vitest';
import { draftOf, emptyPoint, pointOf } from './calibration-draft.js';

describe('typed calibration points', () => {
  it('count only when all four numbers are there', () => {
    expect(pointOf({ u: '120', v: '88.5', x: '1,25', y: '3' })).toEqual({ pixel: [120, 88.5], floor: [1.25, 3] });
    expect(pointOf({ u: '120', v: '', x: '1', y: '3' })).toBeNull();
    expect(pointOf({ u: '120', v: '4px', x: '1', y: '3' })).toBeNull();
    expect(pointOf(emptyPoint)).toBeNull();
  });

  it('come back as they were saved', () => {
    const point = { pixel: [120, 88.5], floor: [1.25, 3] } as const;
    expect(pointOf(draftOf(point))).toEqual(point);
  });
});
