import { describe, expect, it } from 'vitest';
import { connectionAt, stampAgeMs } from './staleness.js';

const limits = { staleAfterMs: 2_000, lostAfterMs: 5_000 };
const { staleAfterMs, lostAfterMs } = limits;

const facts = { socketConnected: true, startedAtMs: 0, receivedAtMs: 10_000 };

describe('connectionAt', () => {
  it('is live while views come', () => {
    expect(connectionAt(facts, 10_000 + staleAfterMs, limits)).toBe('live');
  });

  it('turns stale when a connected station goes quiet, and lost when it stays quiet', () => {
    expect(connectionAt(facts, 10_001 + staleAfterMs, limits)).toBe('stale');
    expect(connectionAt(facts, 10_001 + lostAfterMs, limits)).toBe('lost');
  });

  it('does not cry wolf over a short reconnect, but calls a cut socket lost without waiting', () => {
    const cut = { ...facts, socketConnected: false };
    expect(connectionAt(cut, 10_500, limits)).toBe('live');
    expect(connectionAt(cut, 10_001 + staleAfterMs, limits)).toBe('lost');
  });

  it('connects first and is lost when the station never answers', () => {
    const never = { ...facts, receivedAtMs: null };
    expect(connectionAt(never, lostAfterMs, limits)).toBe('connecting');
    expect(connectionAt(never, lostAfterMs + 1, limits)).toBe('lost');
  });
});

describe('stampAgeMs', () => {
  const viewAt = '2026-01-01T00:00:10.000Z';

  it('does not depend on the difference between the two clocks', () => {
    expect(stampAgeMs('2026-01-01T00:00:07.000Z', viewAt, 5_000_000, 5_001_500)).toBe(4_500);
  });

  it('is never negative and survives a stamp that is no time', () => {
    expect(stampAgeMs('2026-01-01T00:00:11.000Z', viewAt, 100, 50)).toBe(0);
    expect(stampAgeMs('soon', viewAt, 100, 350)).toBe(250);
  });
});
