import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatChance,
  formatDateTime,
  formatFigure,
  formatMs,
  formatPercent,
  formatTime,
  shortDigest,
  withLocalTimes,
} from './format.js';

describe('format', () => {
  it('shows as many figures of a time as help', () => {
    expect([0, 0.021, 9.84, 142.4, -3].map(formatMs)).toEqual(['0 ms', '0.02 ms', '9.8 ms', '142 ms', '-3.0 ms']);
  });

  it('grows the unit of an age with the age', () => {
    expect([-5, 900, 59_999, 61_000, 3_720_000, 400_000_000].map(formatAge)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min 1 s',
      '1 h 2 min',
      '4 d 15 h',
    ]);
  });

  it('shows what is not there as a dash', () => {
    expect(formatTime(null)).toBe('–');
    expect(formatTime('yesterday')).toBe('–');
    expect(shortDigest('')).toBe('–');
  });

  it('turns UTC stamps of a sentence into local times and leaves the rest', () => {
    const stamp = '2026-11-22T20:57:17Z';
    expect(withLocalTimes(`Silent since ${stamp}, then ${stamp}.`)).toBe(
      `Silent since ${formatDateTime(stamp)}, then ${formatDateTime(stamp)}.`,
    );
    expect(withLocalTimes('bundle 2026-11-22 has 5 parts')).toBe('bundle 2026-11-22 has 5 parts');
  });

  it('shortens digests and shares', () => {
    expect(shortDigest(`sha256:${'ab'.repeat(32)}`)).toBe('abababab');
    expect(formatPercent(0.0423)).toBe('4.2%');
  });

  it('shows three digits with their unit, and small chances by their order', () => {
    expect([formatFigure(0.82345), formatFigure(12, '{part}'), formatFigure(3, '1')]).toEqual([
      '0.823',
      '12 part',
      '3',
    ]);
    expect(formatChance(0.0416)).toBe('0.0416');
    expect(formatChance(0.000_23)).toBe('2.3e-4');
    expect(formatChance(0)).toBe('< 1e-12');
  });
});
