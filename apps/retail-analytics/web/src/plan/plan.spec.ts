import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatScale, niceCeiling } from './heat-classes.js';
import { drawn, insideOf } from './plan-scale.js';

describe('heat classes', () => {
  it('show nothing where nobody may be shown, and more time never as a lower class', () => {
    const seconds = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(seconds, (cells) => {
        const scale = heatScale(cells, 0.5);
        const classes = [...cells].sort((a, b) => a - b).map((s) => scale.classOf(s));
        expect(scale.classOf(0)).toBe(0);
        expect(classes).toEqual([...classes].sort((a, b) => a - b));
        expect(Math.max(...classes)).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('count per square metre, with borders that can be read', () => {
    const scale = heatScale([25, 50, 100], 0.5);
    expect(scale.borders).toEqual([0.04, 0.16, 0.36, 0.64].map((share) => share * 200));
    expect([1, 25, 50].map((s) => scale.classOf(s))).toEqual([1, 4, 5]);
  });

  it('do not let one extreme cell wash out the others', () => {
    const cells = [...new Array<number>(100).fill(10), 100_000];
    expect(heatScale(cells, 1).classOf(10)).toBe(5);
  });

  it('end on 1, 2 or 5', () => {
    expect([0, 0.3, 1, 1.01, 37, 100].map(niceCeiling)).toEqual([1, 0.5, 1, 2, 50, 100]);
  });
});

describe('drawing', () => {
  it('puts the shop front at the bottom', () => {
    expect(drawn([2, 0], 10)).toEqual([200, 1000]);
    expect(drawn([2, 10], 10)).toEqual([200, 0]);
  });

  it('points the arrow of a line to its inside', () => {
    expect(insideOf([0, 1], [2, 1], 'left', 0.5)).toEqual([1, 1.5]);
    expect(insideOf([0, 1], [2, 1], 'right', 0.5)).toEqual([1, 0.5]);
  });
});
