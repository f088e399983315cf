import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmOf } from '../testing/alarm-of.js';
import { bursts, dueSignal, nextSounding, repeatEveryMs, silent } from './sound-schedule.js';
import type { Signal, Sounding } from './sound-schedule.js';

describe('dueSignal', () => {
  it('sounds the highest that calls, and the lost link before everything', () => {
    const alarms = [alarmOf({ priority: 'PL' }), alarmOf({ priority: 'PH', phase: 'latched' })];
    expect(dueSignal(alarms, false, 0)).toBe('PH');
    expect(dueSignal(alarms, true, 0)).toBe('lost');
    expect(dueSignal([], true, 0)).toBe('lost');
    expect(dueSignal([], false, 0)).toBeNull();
  });

  it('is silent for what was acknowledged, paused or shelved, until that runs out', () => {
    expect(dueSignal([alarmOf({ phase: 'acknowledged' })], false, 0)).toBeNull();
    for (const until of ['audioPausedUntilMs', 'shelvedUntilMs'] as const) {
      expect(dueSignal([alarmOf({ [until]: 1_000 })], false, 999)).toBeNull();
      expect(dueSignal([alarmOf({ [until]: 1_000 })], false, 1_000)).toBe('PM');
    }
  });
});

describe('nextSounding', () => {
  it('never leaves a signal unheard for longer than its period, and never delays a more urgent one', () => {
    const dues = fc.array(fc.constantFrom<Signal | null>('PH', 'PM', 'PL', 'lost', null), { maxLength: 200 });
    const order: readonly (Signal | null)[] = ['lost', 'PH', 'PM', 'PL', null];
    fc.assert(
      fc.property(dues, (list) => {
        let sounding: Sounding = silent;
        list.forEach((due, i) => {
          const nowMs = i * 250;
          const before = sounding;
          const step = nextSounding(sounding, due, nowMs);
          sounding = step.sounding;
          if (order.indexOf(due) < order.indexOf(before.signal)) expect(step.play).toBe(due);
          if (due !== null) expect(nowMs - sounding.startedMs).toBeLessThan(repeatEveryMs[due]);
          if (due === null) expect(sounding.signal).toBeNull();
        });
      }),
      { numRuns: 60 },
    );
  });

  it('has bursts that end before they are repeated and differ in the number of their pulses', () => {
    for (const signal of ['PH', 'PM', 'PL', 'lost'] as const) {
      const end = Math.max(...bursts[signal].map(({ atS, forS }) => atS + forS));
      expect(end * 1_000).toBeLessThan(repeatEveryMs[signal]);
    }
    expect(new Set(Object.values(bursts).map(({ length }) => length)).size).toBe(4);
  });
});
