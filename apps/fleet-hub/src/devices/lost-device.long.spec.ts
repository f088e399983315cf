import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlertBook } from '../alerts/alert-book.js';
import { createAlertEngine } from '../alerts/alert-engine.js';
import { alarmEvent, metricsEvent, partEvent, testBoot, testIdentity, testStartMs } from '../ingest/testing/events.js';
import { emptyTables, hubUnderTest } from '../ingest/testing/hub-under-test.js';
import { migrate } from '../store/migrate.js';
import { createRetention, retentionConfigSchema } from '../store/retention.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { countIncomplete, epochsOf } from './contiguity.js';
import { createDeviceBook } from './device-book.js';
import { defaultPresenceLimits } from './device-health.js';
import { createPresenceCheck } from './presence.js';

const neighbour = { site: 'plant', device: 'weld' };
const dayMs = 86_400_000;
const heardMs = testStartMs + 600_000;

describe.each(testStores)('a device that never comes back, on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
  }, 60_000);
  afterAll(() => close());
  beforeEach(async () => {
    if (skip === undefined) await emptyTables(store);
  });

  it.skipIf(skip)(
    'is stale, then offline, one alert, and after 200 days still the same rows; its neighbour waits for nothing',
    async () => {
      let nowMs = heardMs;
      const epochMs = (): number => nowMs;
      const presence = createPresenceCheck(store, defaultPresenceLimits, { epochMs, listeningSinceMs: 0 });
      const engine = createAlertEngine(store, { groupFrom: 50, settleMs: 2_000, clearAfterMs: 30_000 }, [], {
        epochMs,
      });
      const retention = createRetention(store, retentionConfigSchema.parse({}), { epochMs });
      const book = createAlertBook(store, { nowIso: () => new Date(nowMs).toISOString() });
      const devices = createDeviceBook(store, defaultPresenceLimits, { epochMs });
      const look = async (): Promise<void> => {
        await presence.step();
        await presence.checkNumbers();
        while ((await engine.step()).more);
        nowMs += 3_000;
        while ((await engine.step()).more);
        while (await retention.step());
      };
      const health = async () => {
        const query = { search: '', site: null, health: null, sort: 'device', descending: false, offset: 0, limit: 9 };
        const { rows } = await devices.page({ ...query, sort: 'device' });
        return Object.fromEntries(rows.map((row) => [row.device, row.health]));
      };
      const alerts = async () => {
        const all = await book.list({ state: 'all', limit: 50 });
        return all.filter(({ device }) => device === testIdentity.device);
      };
      const rowsOf = async (): Promise<unknown> => {
        const tables = ['event', 'gap', 'stream', 'alert', 'alert_condition', 'fleet_change', 'quarantine'];
        const counts = tables.map((table) => `(SELECT count(*)::int8 FROM ${table}) AS ${table}`);
        return (await store.query(`SELECT ${counts.join(', ')}`)).rows[0];
      };
      let sent = 0;
      const neighbourLives = async (): Promise<void> => {
        const hub = hubUnderTest(store);
        hub.setTime(nowMs);
        const uptimeMs = nowMs - testStartMs;
        const options = { ...neighbour, epoch: '00000000000000e2', boot: '00000000000000b2', uptimeMs };
        await hub.status(true, options.boot, false, neighbour);
        await hub.send([partEvent((sent += 1), {}, { ...options, sentUptimeMs: uptimeMs })], neighbour);
        const [answer] = await hub.settle();
        expect(answer?.ack.accepted).toEqual([[sent, sent]]);
      };

      // Alarms overtook the backlog: 3 to 7 were under way when it went for ever, and its last report says that they wait.
      const hub = hubUnderTest(store);
      await hub.status(true, testBoot);
      const backlog = { gauges: [{ name: 'edge.outbox.pending', attributes: {}, value: 5 }] };
      await hub.send([partEvent(1), metricsEvent(2, backlog), alarmEvent(8, { state: 'cleared' })]);
      await hub.settle();
      await neighbourLives();
      await look();
      expect(await health()).toEqual({ press: 'ok', weld: 'ok' });

      nowMs = heardMs + 61_000;
      await neighbourLives();
      await look();
      expect(await health()).toEqual({ press: 'stale', weld: 'ok' });
      nowMs = heardMs + 901_000;
      await neighbourLives();
      await look();
      expect(await health()).toEqual({ press: 'offline', weld: 'ok' });
      nowMs += 40_000;
      await neighbourLives();
      await look();
      const raised = await alerts();
      expect(raised.filter(({ clearedAt }) => clearedAt === null)).toMatchObject([{ kind: 'offline' }]);

      for (let day = 1; day <= 200; day += day < 5 ? 1 : 39) {
        nowMs = heardMs + day * dayMs;
        await neighbourLives();
        await look();
      }
      expect(await health()).toEqual({ press: 'offline', weld: 'ok' });
      expect((await alerts()).map(({ id }) => id)).toEqual(raised.map(({ id }) => id));
      const then = await rowsOf();
      // Its events went with their age; the proof stays, and says honestly that 3 to 7 never came and were never declared.
      expect(
        await store.query(`SELECT 1 FROM event e JOIN device d ON d.id = e.device_id WHERE d.device = 'press'`),
      ).toMatchObject({ rows: [] });
      expect(await epochsOf(store, 1, 5)).toMatchObject([{ highest: 8, delivered: 3, declared: 0, missing: 5 }]);
      expect(await countIncomplete(store)).toBe(1);
      for (let again = 0; again < 5; again += 1) {
        nowMs += 5_000;
        await look();
      }
      expect(await rowsOf()).toEqual(then);
    },
    60_000,
  );
});
