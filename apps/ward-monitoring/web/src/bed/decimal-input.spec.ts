import { news2PlausibleRange } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalText, scoreTone } from '../score/interval-text.js';
import { readDecimal } from './decimal-input.js';

const temperature = { range: news2PlausibleRange.temperature, unit: 'Cel' } as const;
const pulse = { range: news2PlausibleRange.pulse, unit: 'other', zeroIsArrest: true } as const;

describe('readDecimal', () => {
  it('keeps what was typed, comma or point, digit for digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 250, max: 450 }), fc.constantFrom(',', '.'), (tenths, mark) => {
        const text = `${Math.floor(tenths / 10)}${mark}${tenths % 10}0`;
        expect(readDecimal(` ${text} `, temperature)).toEqual({ kind: 'value', decimal: text.replace(',', '.') });
      }),
      { numRuns: 50 },
    );
  });

  it('tells at once what cannot be', () => {
    expect(readDecimal('', pulse)).toEqual({ kind: 'empty' });
    expect(readDecimal('0', pulse)).toEqual({ kind: 'wrong', why: 'arrest' });
    expect(readDecimal('301', pulse)).toEqual({ kind: 'wrong', why: 'range' });
    expect(readDecimal('98,6', temperature)).toEqual({ kind: 'wrong', why: 'fahrenheit' });
    expect(readDecimal('24.9', temperature)).toEqual({ kind: 'wrong', why: 'range' });
    for (const text of ['1e2', '-4', '4 5', '1,2,3', 'Infinity', '٣٦'])
      expect(readDecimal(text, pulse)).toEqual({ kind: 'wrong', why: 'no-number' });
  });
});

describe('a score as text', () => {
  it('reads as an interval until everything is known, even where both ends are one number', () => {
    expect(intervalText({ lo: 5, hi: 5, complete: true })).toBe('5');
    expect(intervalText({ lo: 3, hi: 9, complete: false })).toBe('3–9');
    expect(intervalText({ lo: 3, hi: 3, complete: false })).toBe('3–3');
  });

  it('is never calm while something is missing', () => {
    expect(scoreTone({ band: 'zero', complete: true })).toBe('none');
    expect(scoreTone({ band: 'zero', complete: false })).toBe('unknown');
    expect(scoreTone({ band: 'insufficient', complete: false })).toBe('unknown');
    expect(scoreTone({ band: 'high', complete: false })).toBe('stop');
  });
});
