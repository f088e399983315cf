import { createExponentialHistogram } from '@edge-blueprints/pipeline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeFleetChanges } from '../store/fleet-change.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import {
  alarmEvent,
  gapEvent,
  metricsEvent,
  partEvent,
  testBoot,
  testEvent,
  testIdentity,
  testStartMs,
} from '../ingest/testing/events.js';
import { emptyTables, hubUnderTest } from '../ingest/testing/hub-under-test.js';
import { countIncomplete } from './contiguity.js';
import { createDeviceBook } from './device-book.js';
import type { DeviceQuery } from './device-book.js';
import { readDeviceDetail } from './device-detail.js';
import { defaultPresenceLimits } from './device-health.js';
import { readFleetSummary } from './fleet-summary.js';
import { createPresenceCheck } from './presence.js';

const heardMs = testStartMs + 600_000;

const everything = {
  search: '',
  site: null,
  health: null,
  sort: 'device',
  descending: false,
  offset: 0,
  limit: 9,
} satisfies DeviceQuery;

describe.each(testStores)('devices on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  let nowMs = heardMs;
  const epochMs = (): number => nowMs;
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
  }, 120_000);
  afterAll(() => close());
  beforeEach(async () => {
    if (skip !== undefined) return;
    await emptyTables(store);
    nowMs = heardMs;
  });
  const changes = async () =>
    (await store.transaction((session) => takeFleetChanges(session, 100))).map(({ body }) => body);
  const health = async (): Promise<unknown> =>
    (await createDeviceBook(store, defaultPresenceLimits, { epochMs }).page(everything)).rows.map((row) => row.health);
  const send = async (events: readonly unknown[]) => {
    const hub = hubUnderTest(store);
    hub.setTime(nowMs);
    await hub.status(true, testBoot);
    await hub.send(events);
    await hub.settle();
  };

  it.skipIf(skip)('tells each transition of a silent device once, whoever looks', async () => {
    const checks = [0, 1].map(() =>
      createPresenceCheck(store, defaultPresenceLimits, { epochMs, listeningSinceMs: 0 }),
    );
    const look = async () => {
      await Promise.all(checks.map((check) => check.step()));
      return changes();
    };
    await send([partEvent(1)]);
    expect([await look(), await health()]).toEqual([[], ['ok']]);
    nowMs = heardMs + 61_000;
    expect([await look(), await health()]).toMatchObject([[{ kind: 'presence', state: 'stale' }], ['stale']]);
    expect(await look()).toEqual([]);
    nowMs = heardMs + 901_000;
    expect([await look(), await health()]).toMatchObject([[{ kind: 'presence', state: 'offline' }], ['offline']]);
    await send([partEvent(2)]);
    expect([await look(), await health()]).toMatchObject([[{ kind: 'presence', state: 'ok' }], ['ok']]);
  });

  it.skipIf(skip)('does not blame devices for what the hub did not hear while it was down', async () => {
    await send([partEvent(1)]);
    nowMs = heardMs + 5 * 3_600_000;
    const check = createPresenceCheck(store, defaultPresenceLimits, { epochMs, listeningSinceMs: nowMs });
    nowMs += 30_000;
    expect(await check.step()).toBe(0);
    nowMs += 31_000;
    expect(await check.step()).toBe(1);
    expect(await changes()).toMatchObject([{ kind: 'presence', state: 'stale' }]);
  });

  it.skipIf(skip)('takes a death at its word after a short grace', async () => {
    await send([partEvent(1)]);
    const hub = hubUnderTest(store);
    nowMs += 5_000;
    hub.setTime(nowMs);
    await hub.status(false, testBoot);
    await hub.settle();
    expect(await health()).toEqual(['ok']);
    nowMs += 11_000;
    expect(await health()).toEqual(['offline']);
  });

  it.skipIf(skip)('raises holes only where nothing waits any more, and says when they are filled', async () => {
    const check = createPresenceCheck(store, defaultPresenceLimits, { epochMs, listeningSinceMs: 0 });
    const backlog = (value: number) => ({ gauges: [{ name: 'edge.outbox.pending', attributes: {}, value }] });
    await send([metricsEvent(1, backlog(2)), partEvent(4)]);
    await check.checkNumbers();
    nowMs += 400_000;
    await check.checkNumbers();
    expect(await changes()).toEqual([]);
    await send([metricsEvent(5, backlog(0), { uptimeMs: 1_000_000, sentUptimeMs: 1_000_000 })]);
    await check.checkNumbers();
    await check.checkNumbers();
    expect(await changes()).toEqual([{ kind: 'incomplete', missing: 2 }]);
    expect(await health()).toEqual(['alarm']);
    await send([partEvent(2), partEvent(3)]);
    await check.checkNumbers();
    expect(await changes()).toEqual([{ kind: 'incomplete', missing: 0 }]);
    expect(await countIncomplete(store)).toBe(0);
  });

  it.skipIf(skip)('marks revoked devices, and those that are not any more', async () => {
    await send([partEvent(1)]);
    const check = createPresenceCheck(store, defaultPresenceLimits, { epochMs, listeningSinceMs: 0 });
    expect(await check.syncRevoked(['plant.press', 'plant.unknown'])).toEqual([testIdentity]);
    expect(await check.syncRevoked(['plant.press'])).toEqual([]);
    expect(await health()).toEqual(['revoked']);
    await check.syncRevoked([]);
    expect(await health()).toEqual(['ok']);
  });

  it.skipIf(skip)('counts an alert of the whole site for each device that it speaks of, and once', async () => {
    await store.script(`
      INSERT INTO device (site, device, first_seen_at)
        SELECT site, device, now() FROM unnest('{plant,plant,plant,other}'::text[], '{both,grouped,well,grouped}'::text[]) i(site, device);
      INSERT INTO alert_condition (site, device, kind, severity, text, since) VALUES
        ('plant', 'both', 'offline', 'alarm', '', now()), ('plant', 'grouped', 'offline', 'alarm', '', now()),
        ('plant', 'grouped', 'disk', 'alarm', '', now()), ('other', 'grouped', 'offline', 'alarm', '', now());
      INSERT INTO alert (site, device, kind, severity, text, raised_at, cleared_at) VALUES
        ('plant', 'both', 'offline', 'alarm', '', now(), NULL), ('plant', 'both', 'clock', 'warning', '', now(), NULL),
        ('plant', '*', 'offline', 'alarm', '', now(), NULL), ('plant', '*', 'disk', 'alarm', '', now(), now())`);
    const { rows } = await createDeviceBook(store, defaultPresenceLimits, { epochMs }).page({
      ...everything,
      sort: 'alerts',
      descending: true,
    });
    await store.script('DELETE FROM alert; DELETE FROM alert_condition');
    expect(rows.map(({ site, device, openAlerts }) => [`${site}/${device}`, openAlerts])).toEqual([
      ['plant/both', 2],
      ['plant/grouped', 1],
      ['other/grouped', 0],
      ['plant/well', 0],
    ]);
  });

  it.skipIf(skip)('shows one device with all that was told of it', async () => {
    const recorder = createExponentialHistogram();
    for (let i = 1; i <= 1_000; i++) recorder.record(i / 10_000);
    const half = () => ({
      gauges: [
        { name: 'edge.outbox.pending', attributes: { class: 'business' }, value: 3 },
        { name: 'edge.outbox.pending', attributes: { class: 'metric' }, value: 4 },
      ],
      counters: [{ name: 'edge.parts', attributes: { verdict: 'pass' }, increment: 5 }],
      histograms: [
        {
          name: 'edge.inference.duration',
          attributes: { model: 'board 1', provider: 'cpu' },
          unit: 's',
          ...recorder.snapshot(),
        },
      ],
    });
    await send([
      testEvent('edge-blueprints.device-info.v1', 1, {
        app: 'inspection',
        version: '2.0.0',
        target: 'cpu',
        bundle: 'board',
        bundleVersion: '1.0.0',
        variant: 'int8',
        provider: 'cpu',
        pageUrl: null,
      }),
      partEvent(2),
      partEvent(3, { verdict: 'reject' }),
      metricsEvent(4, half()),
      metricsEvent(1_200, half(), { uptimeMs: 120_000 }),
      gapEvent(1_201, { ranges: [[5, 1_199]] }),
      alarmEvent(1_202),
    ]);
    const book = createDeviceBook(store, defaultPresenceLimits, { epochMs });
    const detail = await readDeviceDetail(store, testIdentity, { nowMs, book, alertsOf: () => Promise.resolve([]) });
    expect(detail).toMatchObject({
      row: {
        health: 'alarm',
        reason: '1 feature drifts',
        backlog: 7,
        declaredLost: 1,
        app: 'inspection',
        simulated: true,
      },
      online: true,
      boot: testBoot,
      version: '2.0.0',
      clockSkewMs: 0,
      verdicts: { pass: 1, reject: 1, review: 0, error: 0 },
      rejectShare: { count: 1, of: 2, share: 0.5 },
      epochs: [{ highest: 1_202, delivered: 7, declared: 1_195, missing: 0, contiguous: true }],
      gaps: [{ from: 5, to: 1_199, cause: 'evicted-bytes' }],
    });
    const [latency] = detail?.latencies ?? [];
    expect(latency).toMatchObject({
      name: 'edge.inference.duration',
      model: 'board 1',
      provider: 'cpu',
      count: 2_000,
      maxMs: 100,
    });
    expect(latency?.p99Ms).toBeGreaterThan(97);
    expect(latency?.p99Ms).toBeLessThan(101);
    const parts = detail?.series.find(({ name }) => name === 'edge.parts');
    expect(parts?.values).toEqual([5, null, 5]);
    expect(
      await readDeviceDetail(
        store,
        { site: 'plant', device: 'none' },
        { nowMs, book, alertsOf: () => Promise.resolve([]) },
      ),
    ).toBeUndefined();
  });

  it.skipIf(skip)('lists ten thousand devices, searched, sorted and paged', async () => {
    await store.query(
      `INSERT INTO device (site, device, first_seen_at, last_seen_at, online, app, backlog, over_limits)
       SELECT 'site-' || i % 20, 'device-' || i, to_timestamp($1 / 1000.0), to_timestamp($1 / 1000.0), true, 'inspection', i,
         CASE WHEN i % 100 = 0 THEN '{disk}'::text[] ELSE '{}' END FROM generate_series(1, 10000) i`,
      [nowMs],
    );
    await store.query(
      `INSERT INTO stream (device_id, epoch, highest, delivered, declared, first_at, last_at)
       SELECT id, 'e', 500, '{[1,400]}', '{[401,500]}', now(), now() FROM device`,
    );
    const book = createDeviceBook(store, defaultPresenceLimits, { epochMs });
    const whole = await book.page({ ...everything, limit: 10_000 });
    expect([whole.total, whole.rows.length]).toEqual([10_000, 10_000]);
    const page = await book.page({
      ...everything,
      search: 'site-7 DEVICE-1',
      sort: 'backlog',
      descending: true,
      offset: 1,
      limit: 2,
    });
    expect(page.rows.map(({ device }) => device)).toEqual(['device-1967', 'device-1947']);
    expect(page.total).toBe(55);
    expect((await book.page({ ...everything, health: 'alarm', site: 'site-0' })).total).toBe(100);
    const worst = await book.page({ ...everything, sort: 'health' });
    expect(worst.rows[0]?.reason).toBe('disk over its limit');
    const summary = await readFleetSummary(store, defaultPresenceLimits, nowMs);
    expect(summary).toMatchObject({ devices: 10_000, byHealth: { ok: 9_900, alarm: 100 }, incomplete: 0 });
    expect(summary.sites).toHaveLength(20);
  });
});
