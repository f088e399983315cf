import { describe, expect, it } from 'vitest';
import { mapStrings, mergePatch } from './merge-patch.js';

describe('mergePatch', () => {
  it('merges objects, replaces lists and values, removes by null', () => {
    const base = { a: 1, b: { c: [1], d: 2 }, e: 3 };
    expect(mergePatch(base, { b: { c: [2, 3] }, e: null, f: { g: null, h: 4 } })).toEqual({
      a: 1,
      b: { c: [2, 3], d: 2 },
      f: { h: 4 },
    });
  });

  it('changes strings wherever they stand', () => {
    expect(mapStrings({ a: ['x', { b: 'x' }], n: 1, z: null }, (text) => `${text}!`)).toEqual({
      a: ['x!', { b: 'x!' }],
      n: 1,
      z: null,
    });
  });
});
