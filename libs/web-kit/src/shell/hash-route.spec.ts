import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashParts } from './hash-route.js';

describe('hashParts', () => {
  it('reads back encoded segments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        expect(hashParts(`#/devices/${encodeURIComponent(name)}`).path).toEqual(['devices', name]);
      }),
    );
  });

  it('keeps what cannot be decoded and reads the query', () => {
    expect(hashParts('#/a/%E0%A4%A?b=c%20d').path).toEqual(['a', '%E0%A4%A']);
    expect(hashParts('#/a?b=c%20d').query.get('b')).toBe('c d');
    expect(hashParts('').path).toEqual(['']);
  });
});
