import { describe, expect, it } from 'vitest';
import { partsOf } from '../testing/part-of.js';
import { neighbours } from './neighbours.js';

describe('neighbours', () => {
  it('finds the parts before and after, and ends at the edges of what is known', () => {
    expect(neighbours(partsOf(1, 5), 'r3')).toEqual({ older: 'r2', newer: 'r4' });
    expect(neighbours(partsOf(1, 5), 'r5')).toEqual({ older: 'r4', newer: null });
    expect(neighbours(partsOf(1, 5), 'gone')).toEqual({ older: null, newer: null });
  });
});
