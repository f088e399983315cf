import { silentLogger } from '@edge-blueprints/contracts';
import type { AlertView, DeviceRowView } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createRowChanges } from './row-changes.js';
import { createHubLive } from './hub-live.js';

const row = (device: string, more: Partial<DeviceRowView> = {}): DeviceRowView => ({
  ...{ site: 'hall', device, health: 'ok', reason: '', app: 'inspection', bundleVersion: '1', target: 'cpu' },
  ...{ lastSeenAt: '2026-05-01T08:00:00.000Z', backlog: 0, declaredLost: 0, openAlerts: 0, simulated: false },
  ...more,
});

describe('changed rows', () => {
  it('are those that say something new; being heard again is news only every 15 s', () => {
    const rows = createRowChanges();
    const heard = (time: string) => rows.changed([row('a', { lastSeenAt: `2026-05-01T08:00:${time}.000Z` })]).length;
    expect([heard('00'), heard('05'), heard('10'), heard('15'), heard('29'), heard('30')]).toEqual([1, 0, 0, 1, 0, 1]);
    expect(
      rows.changed([row('a', { health: 'stale', lastSeenAt: null }), row('b')]).map(({ device }) => device),
    ).toEqual(['a', 'b']);
    expect(rows.changed([row('b')])).toEqual([]);
    expect(rows.changed([row('b'), row('a')]).map(({ device }) => device)).toEqual(['a']);
  });
});

describe('live events', () => {
  const open = (viewers: number, failing = false) => {
    const sent: [string, unknown][] = [];
    let nowMs = 0;
    let rows = Array.from({ length: 2_500 }, (_, i) => row(`d${i}`));
    let asked = 0;
    const refuse = () => Promise.reject(new TypeError('away'));
    const live = createHubLive(
      {
        viewers: () => viewers,
        publish: (event, payload) => sent.push([event, payload]),
        notify: (event, payload) => sent.push([event, Array.isArray(payload) ? payload.length : payload]),
      },
      {
        fleet: {
          summary: failing ? refuse : () => Promise.resolve(summary),
          devices: () => ((asked += 1), (nowMs += 500), Promise.resolve({ total: rows.length, offset: 0, rows })),
          device: refuse,
        },
        alerts: {
          list: refuse,
          byIds: (ids) => Promise.resolve(ids.map((id) => ({ ...alert, id }))),
          acknowledge: refuse,
          counts: refuse,
          prune: refuse,
        },
        labels: { list: refuse, counts: refuse, picture: refuse, label: refuse, undo: refuse },
        store: {
          kind: 'pglite',
          query: refuse,
          script: refuse,
          transaction: refuse,
          stats: () => ({ waiting: 0, maxWaiting: 1, refusedBusy: 0 }),
          close: refuse,
        },
        clock: { monotonicMs: () => nowMs },
        logger: silentLogger,
      },
    );
    return {
      live,
      sent,
      pass: (ms: number) => (nowMs += ms),
      change: () => (rows = [row('d0', { health: 'alarm' }), ...rows.slice(1)]),
      asked: () => asked,
    };
  };
  const health = { ok: 1, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 };
  const summary = {
    ...{
      at: '2026-05-01T08:00:00.000Z',
      devices: 1,
      byHealth: health,
      sites: [],
      openAlerts: 0,
      openLabels: 0,
      incomplete: 0,
    },
    ingest: {
      events: 0,
      duplicates: 0,
      quarantined: 0,
      batchesRefused: 0,
      eventsPerSecond: 0,
      broker: '',
      store: '',
      workers: 1,
    },
  };
  const alert: AlertView = {
    ...{ id: 0, site: 'hall', device: 'd1', text: '', raisedAt: '', clearedAt: null, note: null, outputs: [] },
    ...{ acknowledgedBy: null, acknowledgedAt: null },
    kind: 'gap',
    severity: 'warning',
  };

  it('bring the summary each second, rows in parts, and rest ten times as long as reading them took', async () => {
    const { live, sent, pass, change, asked } = open(1);
    await live.step();
    expect(sent).toEqual([
      ['fleet', summary],
      ['devices', 1_000],
      ['devices', 1_000],
      ['devices', 500],
    ]);
    change();
    pass(4_000);
    await live.step();
    expect(asked()).toBe(1);
    pass(600);
    await live.step();
    expect(sent.slice(4)).toEqual([
      ['fleet', summary],
      ['fleet', summary],
      ['devices', 1],
    ]);
  });

  it('are not made while nobody looks, and a store that is away ends nothing', async () => {
    const nobody = open(0);
    await nobody.live.step();
    await nobody.live.alertsChanged([1]);
    expect([nobody.sent, nobody.asked()]).toEqual([[], 0]);
    const away = open(1, true);
    await away.live.step();
    await away.live.labelsChanged();
    expect(away.sent).toEqual([]);
    await away.live.alertsChanged([1, 2, 2]);
    expect(away.sent.map(([event]) => event)).toEqual(['alert', 'alert']);
  });
});
