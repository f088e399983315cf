import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmOf } from '../testing/alarm-of.js';
import { heldOrder, orderBeds, primaryAlarm } from './urgency.js';

const names = fc.uniqueArray(
  fc.nat(40).map((n) => `bed/${n}`),
  { maxLength: 20 },
);

describe('primaryAlarm', () => {
  it('prefers what still calls, then what nobody has taken, then the patient, then the oldest', () => {
    const told = (...alarms: Parameters<typeof alarmOf>[0][]) => primaryAlarm(alarms.map(alarmOf))?.alarmId;
    expect(told({ alarmId: 'm' }, { alarmId: 'h', priority: 'PH', phase: 'acknowledged' })).toBe('h');
    expect(told({ alarmId: 'seen', phase: 'acknowledged', onsetMs: -9 }, { alarmId: 'calls' })).toBe('calls');
    expect(told({ alarmId: 'taken', responsibility: 'accepted', onsetMs: -9 }, { alarmId: 'open' })).toBe('open');
    expect(told({ alarmId: 'device', type: 'ST', onsetMs: -9 }, { alarmId: 'patient' })).toBe('patient');
    expect(told({ alarmId: 'young', onsetMs: 5 }, { alarmId: 'old', onsetMs: 1 })).toBe('old');
    expect(told({ alarmId: 'shelved', priority: 'PH', shelvedUntilMs: 9 }, { alarmId: 'low', priority: 'PL' })).toBe(
      'low',
    );
  });
});

describe('order of the tiles', () => {
  it('does not depend on the order in which beds are listed, and counts like people do', () => {
    const beds = [
      { bed: 'bed/10', urgency: 5 },
      { bed: 'bed/9', urgency: 5 },
      { bed: 'bed/11', urgency: 0 },
    ];
    expect(orderBeds(beds)).toEqual(['bed/11', 'bed/9', 'bed/10']);
    expect(orderBeds([...beds].reverse())).toEqual(orderBeds(beds));
  });

  it('moves nothing while it is held, loses nobody and shows nobody twice', () => {
    fc.assert(
      fc.property(names, names, (shown, wanted) => {
        const next = heldOrder(shown, wanted, true);
        expect([...next].sort()).toEqual([...wanted].sort());
        const stayed = shown.filter((bed) => wanted.includes(bed));
        expect(next.slice(0, stayed.length)).toEqual(stayed);
        expect(heldOrder(shown, wanted, false)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same object when nothing moved, so that nothing is drawn again', () => {
    const shown = ['bed/1', 'bed/2'];
    expect(heldOrder(shown, [...shown], false)).toBe(shown);
    expect(heldOrder(shown, ['bed/2', 'bed/1'], true)).toBe(shown);
  });
});
