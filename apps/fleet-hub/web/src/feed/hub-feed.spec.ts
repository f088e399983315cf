import type { AlertView, DeviceRowView, FleetSummaryView } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../testing/row-of.js';
import { askAfterMs, createHubFeed, flushEveryMs, withAlert } from './hub-feed.js';
import type { FeedSocket } from './hub-feed.js';

type Listener = (...payload: never[]) => void;

const counts = { ok: 1, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 };
const fleetOf = (at: string): FleetSummaryView => ({
  at,
  devices: 1,
  byHealth: counts,
  sites: [],
  openAlerts: 0,
  openLabels: 0,
  ingest: {
    events: 0,
    duplicates: 0,
    quarantined: 0,
    batchesRefused: 0,
    eventsPerSecond: 0,
    broker: 'embedded',
    store: 'pglite',
    workers: 1,
  },
  incomplete: 0,
});
const alertOf = (change: Partial<AlertView>): AlertView => ({
  id: 1,
  site: 'a',
  device: 'b',
  kind: 'offline',
  severity: 'alarm',
  text: '',
  raisedAt: '2026-01-01T00:00:00.000Z',
  clearedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  note: null,
  outputs: [],
  ...change,
});

function setUp(devices: readonly DeviceRowView[]) {
  const listeners = new Map<string, Listener>();
  const timers: { periodMs: number; act: () => void }[] = [];
  let now = 0;
  const asked = { fleet: 0, devices: 0 };
  const socket: FeedSocket = {
    on: (event: string, listener: Listener) => void listeners.set(event, listener),
    connect: () => undefined,
    disconnect: () => undefined,
  };
  const feed = createHubFeed(
    socket,
    {
      fleet: () => {
        asked.fleet += 1;
        return Promise.resolve(fleetOf('asked'));
      },
      devices: () => {
        asked.devices += 1;
        return Promise.resolve({ rows: devices });
      },
      alerts: () => Promise.resolve([]),
    },
    {
      nowMs: () => now,
      every: (periodMs, act) => {
        const timer = { periodMs, act };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
  );
  return {
    feed,
    asked,
    timers,
    send: (event: string, ...payload: readonly unknown[]) =>
      Reflect.apply(listeners.get(event) ?? (() => undefined), undefined, [...payload]),
    tick: (ms: number) => {
      now += ms;
      for (const timer of [...timers]) if (ms % timer.periodMs === 0) timer.act();
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe('createHubFeed', () => {
  it('gathers changed rows and shows them once a period', async () => {
    const hub = setUp([rowOf({ device: '1' }), rowOf({ device: '2' })]);
    hub.feed.start();
    await hub.settled();
    let told = 0;
    hub.feed.subscribe(() => (told += 1));
    for (let n = 1; n <= 50; n++) hub.send('devices', [rowOf({ device: '2', backlog: n })]);
    expect(told).toBe(0);
    hub.tick(flushEveryMs);
    expect(told).toBe(1);
    expect(hub.feed.state().devices.map((row) => row.backlog)).toEqual([0, 50]);
  });

  it('does not lose a change that comes before the list', async () => {
    const hub = setUp([rowOf({ device: '1', backlog: 1 })]);
    hub.feed.start();
    hub.send('devices', [rowOf({ device: '1', backlog: 7 })]);
    await hub.settled();
    expect(hub.feed.state().devices[0]?.backlog).toBe(7);
  });

  it('reads the lists again after a reconnect, and the summary by itself when no push comes', async () => {
    const hub = setUp([]);
    hub.feed.start();
    await hub.settled();
    const before = hub.asked.devices;
    hub.send('connect');
    expect(hub.asked.devices).toBe(before + 1);
    await hub.settled();
    hub.send('fleet', fleetOf('pushed'));
    hub.tick(askAfterMs / 2);
    expect(hub.asked.fleet).toBe(1);
    hub.tick(askAfterMs);
    expect(hub.asked.fleet).toBe(2);
  });

  it('forgets everything at the end of a session, also answers that come late', async () => {
    const hub = setUp([rowOf({})]);
    hub.feed.start();
    hub.feed.stop();
    await hub.settled();
    expect(hub.feed.state()).toMatchObject({ fleet: null, devices: [], devicesKnown: false });
    expect(hub.timers).toHaveLength(0);
  });
});

describe('withAlert', () => {
  it('keeps open alerts only, newest first, one of each', () => {
    const old = alertOf({ id: 1 });
    const young = alertOf({ id: 2, raisedAt: '2026-01-02T00:00:00.000Z' });
    expect(withAlert([old], young).map(({ id }) => id)).toEqual([2, 1]);
    expect(withAlert([young, old], alertOf({ id: 1, acknowledgedBy: 'eve' }))[1]?.acknowledgedBy).toBe('eve');
    expect(withAlert([young, old], alertOf({ id: 2, clearedAt: '2026-01-03T00:00:00.000Z' }))).toEqual([old]);
  });
});
