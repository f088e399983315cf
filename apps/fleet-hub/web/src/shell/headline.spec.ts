import { describe, expect, it } from 'vitest';
import { headline } from './headline.js';

const well = { ok: 10_000, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 };

describe('headline', () => {
  it('is calm while all is well, and revoked devices are meant', () => {
    expect(headline({ devices: 10_000, byHealth: well, incomplete: 0 })).toEqual({
      asks: undefined,
      word: 'All 10,000 devices well',
      reason: 'Nothing asks for an act.',
    });
    expect(headline({ devices: 2, byHealth: { ...well, ok: 1, revoked: 1 }, incomplete: 0 }).asks).toBeUndefined();
  });

  it('names what asks, worst first', () => {
    const byHealth = { ...well, stale: 3, alarm: 1, offline: 2 };
    expect(headline({ devices: 10_006, byHealth, incomplete: 0 })).toEqual({
      asks: 'stop',
      word: '6 ask for an act',
      reason: 'of 10,006 devices: 1 alarm, 2 offline, 3 stale',
    });
    expect(headline({ devices: 10_001, byHealth: { ...well, degraded: 1 }, incomplete: 0 })).toMatchObject({
      asks: 'act',
      word: '1 asks for an act',
    });
  });

  it('puts a hole in the numbers before everything', () => {
    expect(headline({ devices: 1, byHealth: { ...well, ok: 0, alarm: 1 }, incomplete: 1 })).toMatchObject({
      asks: 'stop',
      word: 'Hole in 1 device',
    });
  });
});
