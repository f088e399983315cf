import type { AlarmSnapshot, StationEvent } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { alarmOf } from '../testing/alarm-of.js';
import { noAlarms, openAlarms, withAlarmEvent, withAlarmView } from './current-alarms.js';
import { linkAt } from './station-link.js';
import { createWardFeed } from './ward-feed.js';

const eventOf = (offset: number, change: Partial<AlarmSnapshot>): StationEvent => ({
  offset,
  phase: 'start',
  sentMs: 0,
  alarm: alarmOf(change),
});

describe('current alarms', () => {
  it('shows an event before any view holds it, and keeps it when an older view comes late', () => {
    const early = withAlarmEvent(withAlarmView(noAlarms, 4, []), eventOf(5, { alarmId: 'a' }));
    expect(openAlarms(early).map(({ alarmId }) => alarmId)).toEqual(['a']);
    expect(openAlarms(withAlarmView(early, 4, []))).toHaveLength(1);
    expect(openAlarms(withAlarmView(early, 5, []))).toHaveLength(0);
  });

  it('goes by the number of an event, not by its arrival', () => {
    const ended = withAlarmEvent(noAlarms, eventOf(7, { alarmId: 'a', phase: 'ended' }));
    expect(openAlarms(withAlarmEvent(ended, eventOf(6, { alarmId: 'a', phase: 'on' })))).toEqual([]);
  });
});

describe('station link', () => {
  it('is lost three seconds after the last beat, by itself', () => {
    expect(linkAt({ startedMs: 0, beatMs: null }, 5_000)).toBe('connecting');
    expect(linkAt({ startedMs: 0, beatMs: null }, 5_001)).toBe('lost');
    expect(linkAt({ startedMs: 0, beatMs: 1_000 }, 4_000)).toBe('monitored');
    expect(linkAt({ startedMs: 0, beatMs: 1_000 }, 4_001)).toBe('lost');
  });
});

describe('createWardFeed', () => {
  it('draws events that came together once, confirms each only after it was painted, and says that monitoring is lost without a beat', () => {
    const listeners = new Map<string, (...payload: never[]) => void>();
    const said: unknown[][] = [];
    const timers: (() => void)[] = [];
    const paints: (() => void)[] = [];
    const soon: (() => void)[] = [];
    let drawn = 0;
    const painted = (): unknown[][] => said.filter(([name]) => name === 'painted');
    let now = 0;
    const feed = createWardFeed({
      socket: {
        on: (name: string, listener: (...payload: never[]) => void) => void listeners.set(name, listener),
        emit: (...call: unknown[]) => void said.push(call),
      },
      nowMs: () => now,
      every: (_, act) => void timers.push(act),
      soon: (act) => void soon.push(act),
      afterPaint: (act) => void paints.push(act),
    });
    const send = (name: string, ...payload: readonly unknown[]): void =>
      Reflect.apply(listeners.get(name) ?? (() => undefined), undefined, [...payload]);
    send('beat');
    feed.subscribe(() => void (drawn += 1));
    send('event', eventOf(1, { alarmId: 'a' }));
    send('event', eventOf(2, { alarmId: 'b' }));
    expect(drawn).toBe(0);
    for (const act of soon.splice(0)) act();
    expect([drawn, feed.state().alarms.length]).toEqual([1, 2]);
    expect(said).toEqual([]);
    send('event', eventOf(3, { alarmId: 'c' }));
    expect(soon).toEqual([]);
    for (const tick of timers) tick();
    expect(feed.state().alarms).toHaveLength(3);
    for (const paint of paints.splice(0)) paint();
    const confirmed = [['painted', 1], ['painted', 2]]; // prettier-ignore
    expect(painted()).toEqual(confirmed);
    for (const act of soon.splice(0)) act();
    expect(feed.state().alarms).toHaveLength(3);
    for (const paint of paints.splice(0)) paint();
    expect(painted()).toEqual([...confirmed, ['painted', 3]]);
    now = 3_001;
    for (const tick of timers) tick();
    expect(feed.state().link).toBe('lost');
    send('beat');
    expect(feed.state().link).toBe('monitored');
  });
});
