import type { RetailRelease } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { compareDays } from '../hours/day-compare.js';
import { minimumText } from './minimum-count.js';
import { doorLines, releasedSum } from './released-count.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const today = Date.UTC(2026, 4, 12);

function release(fromEpochMs: number, inside: number | null, out: number | null = 20): RetailRelease {
  return {
    format: 'edge-retail-release/1',
    store: 'store-1',
    metric: 'counts',
    windowFrom: new Date(fromEpochMs).toISOString(),
    windowTo: new Date(fromEpochMs + hourMs).toISOString(),
    planRevision: 1,
    mechanism: 'discrete-laplace',
    epsilon: 0.35,
    sensitivity: 2,
    error95: 6,
    unit: 'people',
    minimum: 10,
    roundedTo: 5,
    coverage: 1,
    quality: 'good',
    qualityReasons: [],
    cells: [
      { key: 'door/in', value: inside },
      { key: 'door/out', value: out },
    ],
    fragmentation: 2,
    ledger: { entry: 1, hash: 'a'.repeat(64) },
    simulated: true,
  };
}

describe('live counts', () => {
  it('tell small numbers in words and never the number', () => {
    expect(minimumText({ kind: 'fewer', than: 5 })).toBe('fewer than 5');
    expect(minimumText({ kind: 'count', value: 1_204 })).toBe('1,204');
  });
});

describe('releasedSum', () => {
  it('adds the noise of its parts in squares', () => {
    expect(releasedSum(release(today, 30), ['door/in', 'door/out'])).toEqual({ value: 50, error95: 6 * Math.SQRT2 });
  });

  it('is unknown where a part was suppressed or is missing', () => {
    expect(releasedSum(release(today, null), ['door/in', 'door/out']).value).toBeNull();
    expect(releasedSum(release(today, 30), ['door/in', 'side/in']).value).toBeNull();
  });
});

describe('doorLines', () => {
  const line = (id: string, y: number) => ({ id, name: id, from: [2, y], to: [4, y], inside: 'left' }) as const;
  it('leaves lines between departments out of who came in', () => {
    const door = { id: 'd', kind: 'door', heightM: 2, polygon: [[2, 0], [4, 0], [4, 0.2]] } as const; // prettier-ignore
    const lines = [line('entrance', 1), line('to-toys', 8)];
    expect(doorLines({ lines, fixtures: [door] })).toEqual(['entrance']);
    expect(doorLines({ lines, fixtures: [] })).toEqual(['entrance', 'to-toys']);
  });
});

describe('compareDays', () => {
  it('compares equal windows only, so that half a day meets half a day', () => {
    const all = [
      release(today - dayMs + 9 * hourMs, 40),
      release(today - dayMs + 10 * hourMs, 90),
      release(today + 9 * hourMs, 60),
    ];
    expect(compareDays(all, ['door/in'], today, dayMs)).toEqual({
      windows: 1,
      leftOut: 0,
      now: 60,
      then: 40,
      difference: 20,
      error95: Math.sqrt(72),
    });
  });

  it('leaves a window out on both days when either number was suppressed', () => {
    const all = [
      release(today - dayMs, null),
      release(today - dayMs + hourMs, 50),
      release(today, 60),
      release(today + hourMs, 70),
    ];
    expect(compareDays(all, ['door/in'], today, dayMs)).toMatchObject({ windows: 1, leftOut: 1, now: 70, then: 50 });
  });
});
