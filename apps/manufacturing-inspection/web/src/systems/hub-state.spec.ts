import { describe, expect, it } from 'vitest';
import { uplinkOf } from '../testing/drift-of.js';
import { hubDetail, hubInShort, hubState } from './hub-state.js';

const cut = uplinkOf({
  state: 'waiting',
  pending: { critical: 14, business: 5_312, metric: 61 },
  oldestAgeMs: 3_720_000,
  declaredLost: 3,
  resent: 240,
});

describe('hub', () => {
  it('asks for an act only where audit and alarms are refused', () => {
    expect(hubState(uplinkOf())).toBe('ok');
    expect(hubState(cut)).toBe('off');
    expect(hubState({ ...cut, criticalFull: true })).toBe('act');
    expect(hubState(uplinkOf({ criticalFull: true }))).toBe('act');
  });

  it('has one short line: what the hub has, or what waits and since when', () => {
    expect(hubInShort(uplinkOf())).toBe('12,000 acknowledged');
    expect(hubInShort(cut)).toBe('5,387 waiting, oldest 1 h 2 min');
    expect(hubInShort(uplinkOf({ state: 'connecting' }))).toBe('nothing waits');
  });

  it('says what waits by class and for how long, and what became of the rest', () => {
    expect(hubDetail(cut)).toBe(
      'waiting: 14 audit and alarms, 5,312 parts, 61 metrics; oldest 1 h 2 min; 12,000 acknowledged, 3 declared lost, 240 sent again',
    );
    expect(hubDetail(uplinkOf())).toBe('nothing waits; 12,000 acknowledged, 0 declared lost, 0 sent again');
  });
});
