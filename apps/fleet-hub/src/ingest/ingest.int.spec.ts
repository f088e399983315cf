import { DeviceError } from '@edge-blueprints/contracts';
import type { FleetEvent } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countIncomplete, epochsOf } from '../devices/contiguity.js';
import { takeFleetChanges } from '../store/fleet-change.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import {
  alarmEvent,
  gapEvent,
  labelEvent,
  metricsEvent,
  partEvent,
  testBoot,
  testEpoch,
  testStartMs,
} from './testing/events.js';
import { emptyTables, hubUnderTest, tablesAsText } from './testing/hub-under-test.js';

const other = { site: 'plant', device: 'weld' };
const otherEpoch = '00000000000000e2';
const otherBoot = '00000000000000b2';

describe.each(testStores)('ingest on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
  }, 120_000);
  afterAll(() => close());
  beforeEach(async () => {
    if (skip === undefined) await emptyTables(store);
  });
  const count = async (table: string): Promise<unknown> =>
    (await store.query(`SELECT count(*)::int8 AS n FROM ${table}`)).rows[0]?.['n'];

  it.skipIf(skip)('acknowledges what it has committed, and not before', async () => {
    const rowsAtAck: unknown[] = [];
    const hub = hubUnderTest(store, {
      publish: async () => void rowsAtAck.push(await count('event')),
    });
    await hub.send([partEvent(1), partEvent(2)]);
    await hub.settle();
    expect(rowsAtAck).toEqual([2]);
  });

  it.skipIf(skip)(
    'survives a crash between commit and acknowledgement: the batch comes again and is ignored',
    async () => {
      const dying = hubUnderTest(store, { publish: () => Promise.reject(new DeviceError('mqtt.offline', 'gone')) });
      await dying.send([partEvent(1), metricsEvent(2), alarmEvent(3), labelEvent(4)]);
      await dying.settle();
      expect(dying.worker.stats()).toMatchObject({ events: 4, acksFailed: 1 });
      const before = await tablesAsText(store);
      const next = hubUnderTest(store);
      await next.send([partEvent(1), metricsEvent(2), alarmEvent(3), labelEvent(4)]);
      expect((await next.settle()).map(({ ack }) => ack)).toEqual([
        { epoch: testEpoch, accepted: [[1, 4]], refused: [] },
      ]);
      expect(next.worker.stats()).toMatchObject({ events: 0, duplicates: 4 });
      expect(await tablesAsText(store)).toBe(before);
    },
  );

  it.skipIf(skip)('comes to the same tables for every order and repetition of the batches', async () => {
    const all: readonly FleetEvent[] = [
      ...Array.from({ length: 12 }, (_, i) =>
        i % 3 === 0 ? metricsEvent(i + 1) : partEvent(i + 1, { verdict: i % 2 === 0 ? 'pass' : 'reject' }),
      ),
      gapEvent(13, {
        ranges: [
          [14, 20],
          [22, 22],
        ],
      }),
      alarmEvent(21, { state: 'cleared' }),
      alarmEvent(23, { alarm: 'a-2' }),
      labelEvent(24),
    ];
    const run = async (batches: readonly (readonly FleetEvent[])[]): Promise<string> => {
      await emptyTables(store);
      const hub = hubUnderTest(store);
      for (const batch of batches) if (batch.length > 0) await hub.send(batch);
      await hub.settle();
      expect(hub.worker.stats().events).toBe(all.length);
      expect(await countIncomplete(store)).toBe(0);
      return tablesAsText(store);
    };
    const expected = await run([all]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...all], { minLength: all.length }),
        fc.subarray([...all]),
        fc.integer({ min: 1, max: 6 }),
        async (order, again, size) => {
          const parts = Array.from({ length: Math.ceil(order.length / size) }, (_, i) =>
            order.slice(i * size, (i + 1) * size),
          );
          expect(await run([...parts.slice(0, 2), again, ...parts.slice(2), again])).toBe(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it.skipIf(skip)('proves by one query what was delivered, what was declared and what is missing', async () => {
    const hub = hubUnderTest(store);
    await hub.send([partEvent(1), partEvent(2), gapEvent(7, { ranges: [[2, 4]] })]);
    await hub.settle();
    expect(await epochsOf(store, 1, 5)).toEqual([
      { epoch: testEpoch, highest: 7, delivered: 3, declared: 2, missing: 2, contiguous: false },
    ]);
    expect(await countIncomplete(store)).toBe(1);
    const next = hubUnderTest(store);
    await next.send([partEvent(5), partEvent(6)]);
    await next.settle();
    expect(await countIncomplete(store)).toBe(0);
    expect(await epochsOf(store, 1, 5)).toMatchObject([{ missing: 0, contiguous: true }]);
  });

  it.skipIf(skip)('keeps the sequences of a wiped device apart, and closes the old one by its gap record', async () => {
    const hub = hubUnderTest(store);
    await hub.send([partEvent(1), partEvent(3)]);
    await hub.send([gapEvent(1, { epoch: testEpoch, ranges: [[1, 50]], cause: 'corrupt' }, { epoch: otherEpoch })]);
    await hub.settle();
    const epochs = await epochsOf(store, 1, 5);
    expect(
      epochs.map(({ epoch, delivered, declared, missing }) => [epoch, delivered, declared, missing]).sort(),
    ).toEqual([
      [testEpoch, 2, 48, 0],
      [otherEpoch, 1, 0, 0],
    ]);
  });

  it.skipIf(skip)('sets bad events aside, takes the good ones of the same batch, and tells both', async () => {
    const hub = hubUnderTest(store);
    const bad = [
      { ...partEvent(2), source: '/edge/plant/weld' },
      // Passes every schema; only the database can tell that it is no base64.
      labelEvent(3, { pictures: [{ role: 'test', mime: 'image/png', width: 1, height: 1, base64: '%%%' }] }),
      'no event',
    ];
    await hub.send([partEvent(1), ...bad, partEvent(4)]);
    const [answer] = await hub.settle();
    expect(answer?.ack.accepted).toEqual([[1, 1]]);
    const told = (await Promise.all(hub.answers)).flatMap(({ ack }) => ack.accepted).flat();
    expect(told).toContain(4);
    const refused = hub.answers.flatMap(({ ack }) => ack.refused);
    expect(refused).toEqual([
      { sequence: 2, code: 'hub.event-identity' },
      { sequence: 3, code: 'hub.event-unstorable' },
    ]);
    expect(await count('quarantine')).toBe(3);
    expect(await count('event')).toBe(2);
    const changes = await store.transaction((session) => takeFleetChanges(session, 10));
    expect(changes.some(({ body }) => body.kind === 'quarantine')).toBe(true);
  });

  it.skipIf(skip)('sets an event aside once, however often it is sent, and refuses it each time', async () => {
    const wrong = (sequence: number, sentUptimeMs: number) => ({
      ...partEvent(sequence, {}, { sentUptimeMs }),
      source: '/edge/plant/weld',
    });
    const hub = hubUnderTest(store);
    await hub.send([partEvent(1), wrong(2, 600_000), wrong(2, 600_000)]);
    await hub.send([wrong(2, 630_000), wrong(3, 630_000), 'no event']);
    await hub.settle();
    const late = hubUnderTest(store);
    await late.send([wrong(2, 660_000), 'no event']);
    const told = (await late.settle()).flatMap(({ ack }) => ack.refused);
    expect(told).toEqual([{ sequence: 2, code: 'hub.event-identity' }]);
    expect(hub.worker.stats()).toMatchObject({ quarantined: { 'hub.event-identity': 2, 'hub.event-malformed': 1 } });
    expect(late.worker.stats()).toMatchObject({ quarantined: { 'hub.event-malformed': 1 }, duplicates: 1 });
    const kept = await store.query('SELECT sequence FROM quarantine ORDER BY sequence');
    expect(kept.rows.map(({ sequence }) => sequence)).toEqual([2, 3, null, null]);
    expect((await store.query('SELECT quarantined FROM device')).rows).toEqual([{ quarantined: 4 }]);
    const changes = await store.transaction((session) => takeFleetChanges(session, 10));
    const alerted = changes.flatMap(({ body }) => (body.kind === 'quarantine' ? [body.events] : []));
    expect(alerted.reduce((sum, events) => sum + events, 0)).toBe(4);
  });

  it.skipIf(skip)('counts payloads that are no batch, keeps them, and answers nothing', async () => {
    const hub = hubUnderTest(store);
    for (const text of ['{', '[]', '"x"'])
      await hub.worker.handle('edge/v1/plant/press/tlm', new TextEncoder().encode(text), false);
    await hub.worker.handle('edge/v1/plant/press/tlm', new Uint8Array(300_000), false);
    await hub.worker.handle('edge/v1/plant/press/tlm/more', new Uint8Array(3), false);
    expect(await hub.settle()).toEqual([]);
    expect(hub.worker.stats()).toMatchObject({
      batchesRefused: { 'hub.batch-malformed': 3, 'hub.batch-too-large': 1 },
      messagesIgnored: 1,
    });
    expect(await count('quarantine')).toBe(4);
  });

  it.skipIf(skip)('dates events rightly when the clock of the device is ten years behind', async () => {
    const skewMs = -10 * 365 * 86_400_000;
    const hub = hubUnderTest(store);
    await hub.send([partEvent(1, {}, { skewMs, uptimeMs: 60_000 }), partEvent(2, {}, { skewMs, uptimeMs: 90_000 })]);
    await hub.settle();
    const { rows } = await store.query('SELECT event_at, device_at, clock FROM event ORDER BY sequence');
    expect(rows).toEqual([
      {
        event_at: new Date(testStartMs + 60_000),
        device_at: new Date(testStartMs + 60_000 + skewMs),
        clock: 'monotonic',
      },
      {
        event_at: new Date(testStartMs + 90_000),
        device_at: new Date(testStartMs + 90_000 + skewMs),
        clock: 'monotonic',
      },
    ]);
    const changes = await store.transaction((session) => takeFleetChanges(session, 10));
    expect(changes.map(({ body }) => body)).toMatchObject([
      { kind: 'limit', what: 'clock', over: true, value: skewMs },
    ]);
  });

  it.skipIf(skip)('lets two workers write for one device at once', async () => {
    const events = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? partEvent(i + 1) : metricsEvent(i + 1)));
    const hubs = [hubUnderTest(store), hubUnderTest(store)];
    await Promise.all(
      hubs.map(async (hub, which) => {
        for (let i = 0; i < 60; i += 3) {
          await hub.send(events.slice(i, i + 3));
          await hub.send([partEvent(i + 1, {}, { ...other, epoch: otherEpoch })], other);
          if (which === 1) await new Promise((resolve) => setImmediate(resolve));
        }
      }),
    );
    await Promise.all(hubs.map((hub) => hub.settle()));
    expect(hubs.reduce((sum, hub) => sum + hub.worker.stats().events, 0)).toBe(80);
    expect(await count('event')).toBe(50);
    const { rows } = await store.query('SELECT sum(pass)::int8 AS pass FROM verdict_hour');
    expect(rows).toEqual([{ pass: 50 }]);
    expect(await epochsOf(store, 1, 5)).toHaveLength(1);
  });

  it.skipIf(skip)('counts metrics once when two workers get the same batches at once', async () => {
    const first = hubUnderTest(store);
    await first.send([metricsEvent(1)]);
    await first.settle();
    // Metrics have no key of their own: only the ranges, read under the lock, keep them from being counted twice.
    for (let i = 2; i <= 11; i++) {
      let arrived = 0;
      let release: () => void = () => undefined;
      const both = new Promise<void>((resolve) => (release = resolve));
      const together: SqlStore = {
        ...store,
        transaction: async (work) => {
          if ((arrived += 1) === 2) release();
          await both;
          return store.transaction(work);
        },
      };
      const hubs = [hubUnderTest(together), hubUnderTest(together)];
      await Promise.all(hubs.map((hub) => hub.send([metricsEvent(i)])));
      await Promise.all(hubs.map((hub) => hub.settle()));
    }
    const { rows } = await store.query(
      "SELECT sum(total)::int8 AS parts FROM metric_minute JOIN metric_series ON id = series_id WHERE name = 'edge.parts'",
    );
    expect(rows).toEqual([{ parts: 11 * 3 }]);
    expect((await store.query('SELECT delivered::text FROM stream')).rows).toEqual([{ delivered: '{[1,12)}' }]);
  });

  it.skipIf(skip)('takes births and deaths, but no death of an earlier process', async () => {
    const online = async (): Promise<unknown> => (await store.query('SELECT online, boot FROM device')).rows[0];
    const first = hubUnderTest(store);
    await first.status(true, testBoot);
    await first.status(true, otherBoot);
    await first.status(false, testBoot);
    await first.settle();
    expect(await online()).toEqual({ online: true, boot: otherBoot });
    expect(first.worker.stats().lateDeaths).toBe(1);
    const second = hubUnderTest(store);
    await second.status(false, otherBoot);
    await second.settle();
    expect(await online()).toEqual({ online: false, boot: otherBoot });
  });

  it.skipIf(skip)('refuses a sequence too many of one device, and goes on with those it has', async () => {
    await store.query("INSERT INTO device (site, device, first_seen_at) VALUES ('plant', 'press', now())");
    await store.query(
      `INSERT INTO stream (device_id, epoch, first_at, last_at)
       SELECT 1, lpad(i::text, 16, '0'), now(), now() FROM generate_series(1, 499) i`,
    );
    const hub = hubUnderTest(store);
    await hub.send([
      partEvent(1),
      partEvent(1, {}, { epoch: otherEpoch }),
      partEvent(2),
      partEvent(9, {}, { epoch: '0000000000000007' }),
    ]);
    const acks = (await hub.settle()).map(({ ack }) => ack);
    expect(acks).toEqual([
      { epoch: testEpoch, accepted: [[1, 2]], refused: [] },
      { epoch: '0000000000000007', accepted: [[9, 9]], refused: [] },
      { epoch: otherEpoch, accepted: [], refused: [{ sequence: 1, code: 'hub.epochs-full' }] },
    ]);
    expect(await count('stream')).toBe(500);
  });

  it.skipIf(skip)('neither reads nor answers a revoked device', async () => {
    const hub = hubUnderTest(store, { isRevoked: ({ device }) => device === 'weld' });
    await hub.send([partEvent(1, {}, other)], other);
    await hub.send([partEvent(1)]);
    expect((await hub.settle()).map(({ device }) => device)).toEqual(['press']);
    expect(hub.worker.stats().revokedIgnored).toBe(1);
  });

  it.skipIf(skip)('waits for a store that is away, holds the broker back meanwhile, and loses nothing', async () => {
    let away = true;
    const flaky: SqlStore = {
      ...store,
      transaction: (work) =>
        away
          ? Promise.reject(new DeviceError('hub.store-unavailable', 'away', { retry: 'safe' }))
          : store.transaction(work),
    };
    const hub = hubUnderTest(flaky, { queueBytes: 3_000 });
    const sent = Array.from({ length: 12 }, (_, i) => hub.send([partEvent(i + 1)]));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(hub.worker.stats().heldBack).toBeGreaterThan(0);
    expect(hub.worker.stats().queuedBytes).toBeLessThan(6_000);
    expect(hub.answers).toEqual([]);
    away = false;
    await Promise.all(sent);
    await hub.settle();
    expect(hub.worker.stats().events).toBe(12);
    expect(await countIncomplete(store)).toBe(0);
  });
});
