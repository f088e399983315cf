import { describe, expect, it } from 'vitest';
import { intervalAxis } from './interval-axis.js';

describe('intervalAxis', () => {
  it('ends at the next round share above the interval', () => {
    expect([0, 0.004, 0.05, 0.051, 0.7, 1].map(intervalAxis)).toEqual([0.005, 0.005, 0.05, 0.1, 1, 1]);
  });
});
