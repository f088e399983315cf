import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('spells the example of RFC 8785 as the RFC does', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts names by UTF-16 code units and leaves out what is undefined', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const text = canonicalJson({ ...Object.fromEntries(names.map((name) => [name, 0])), gone: undefined });
    expect(Object.keys(JSON.parse(text)).filter((name) => name !== '1')).toEqual(sorted.filter((name) => name !== '1'));
    expect(text.indexOf('"\\r"')).toBeLessThan(text.indexOf('"1"'));
  });

  it('refuses what JSON cannot carry', () => {
    for (const value of [NaN, Infinity, 'half \ud800', { deep: [() => 1] }, 1n])
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'audit.canonical' }));
  });
});
