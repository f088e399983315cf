import type { AlarmSnapshot, StationEvent } from '@edge-blueprints/contracts';
import type { LivePage } from '@edge-blueprints/dashboard';
import { describe, expect, it } from 'vitest';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import { createMemoryTrail } from '../testing/memory-trail.js';
import { createStations } from './stations.js';

const alarm = (priority: AlarmSnapshot['priority'], id: string): AlarmSnapshot => ({
  alarmId: id,
  subject: 'bed/07',
  condition: 'spo2-low',
  type: 'SP',
  priority,
  phase: 'on',
  latching: false,
  onsetMs: 0,
  conditionMs: 1_000,
  signalLost: false,
  responsibility: 'undefined',
  step: 0,
  text: 'SpO2 low',
});
const start = (priority: AlarmSnapshot['priority'], id: string): AlarmTransition => ({
  kind: 'start',
  atMs: 1_000,
  subject: 'bed/07',
  alarm: alarm(priority, id),
});

function ward() {
  let nowMs = 1_000;
  const trail = createMemoryTrail();
  const stations = createStations({ now: () => nowMs, trail, view: () => undefined, silentAfterMs: 5_000 });
  const join = (id: string) => {
    const got: StationEvent[] = [];
    const page: LivePage = {
      id,
      send: (event, payload) => void (event === 'event' && got.push(structuredClone(payload) as StationEvent)),
    };
    stations.inbound.onConnect(page);
    return { got, say: (event: string, payload?: unknown) => stations.inbound.onMessage(page, event, payload), page };
  };
  return { trail, stations, join, pass: (ms: number) => void ((nowMs += ms), stations.tick()) };
}

describe('delivery to the stations', () => {
  it('numbers events without a gap, and tells a station again what it missed', () => {
    const { stations, join } = ward();
    const one = join('one');
    stations.tell([start('PM', 'a'), { ...start('PM', 'x'), kind: 'pending' }, start('PH', 'b')]);
    expect(one.got.map(({ offset }) => offset)).toEqual([1_001, 1_002]);
    const late = join('late');
    late.say('since', 1_001);
    expect(late.got.map(({ alarm: { alarmId } }) => alarmId)).toEqual(['b']);
  });

  it('sends a high alarm again after two seconds until it is painted, and others never', () => {
    const { stations, join, pass } = ward();
    const one = join('one');
    stations.tell([start('PH', 'a'), start('PM', 'b')]);
    pass(1_900);
    expect(one.got).toHaveLength(2);
    pass(200);
    expect(one.got.map(({ offset }) => offset)).toEqual([1_001, 1_002, 1_001]);
    one.say('painted', 1_001);
    pass(5_000);
    expect(one.got).toHaveLength(3);
  });

  it('measures from the condition to the first painting, and writes what nobody painted', () => {
    const { stations, join, pass, trail } = ward();
    const one = join('one');
    stations.tell([start('PH', 'a'), start('PM', 'b'), start('PL', 'c')]);
    pass(300);
    one.say('painted', 1_001);
    one.say('painted', 1_001);
    expect(stations.status().conditionToPainted).toMatchObject({ count: 1, maxMs: 300 });
    pass(10_000);
    expect(trail.drafts.map(({ type, object }) => `${type} ${object}`)).toEqual([
      'notify.rendered a',
      'notify.failed b',
    ]);
  });

  it('counts a station that says nothing as lost, and what is no offset as dropped', () => {
    const { stations, join, pass } = ward();
    const one = join('one');
    pass(5_001);
    expect(stations.status()).toMatchObject({ connected: 1, live: 0 });
    one.say('beat');
    expect(stations.status().live).toBe(1);
    for (const wrong of ['1', 1.5, null, {}]) one.say('painted', wrong);
    expect(stations.status().dropped).toBe(4);
    stations.inbound.onDisconnect(one.page);
    expect(stations.status().connected).toBe(0);
  });
});
