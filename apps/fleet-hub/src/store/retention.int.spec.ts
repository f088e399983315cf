import { exponentialHistogramSchema } from '@edge-blueprints/contracts';
import { createExponentialHistogram, exponentialSnapshot } from '@edge-blueprints/pipeline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { labelEvent, metricsEvent, partEvent, testStartMs } from '../ingest/testing/events.js';
import { emptyTables, hubUnderTest } from '../ingest/testing/hub-under-test.js';
import { migrate } from './migrate.js';
import { createRetention, retentionConfigSchema } from './retention.js';
import type { SqlStore } from './sql-store.js';
import { testStores } from './testing/stores.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe.each(testStores)('retention on $name', ({ skip, open }) => {
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
  const retentionAt = (nowMs: number, config = {}) =>
    createRetention(store, retentionConfigSchema.parse(config), { epochMs: () => nowMs });

  it.skipIf(skip)('folds minutes and histograms into hours without losing a value', async () => {
    const hub = hubUnderTest(store);
    const recorders = [createExponentialHistogram(), createExponentialHistogram()];
    for (let i = 1; i <= 1_400; i++) recorders[i % 2]?.record(i / 1_000);
    const report = (i: number) => ({
      counters: [{ name: 'edge.parts', attributes: {}, increment: 700 }],
      gauges: [{ name: 'system.cpu.utilization', attributes: {}, value: i }],
      histograms: [{ name: 'edge.inference.duration', attributes: {}, unit: 's', ...recorders[i]!.snapshot() }],
    });
    await hub.send([metricsEvent(1, report(0), { uptimeMs: 0 })]);
    await hub.send([metricsEvent(2, report(1), { uptimeMs: 120_000 })]);
    await hub.settle();
    const retention = retentionAt(testStartMs + 3 * dayMs);
    await retention.step();
    expect([await count('metric_minute'), await count('histogram_part')]).toEqual([0, 0]);
    const { rows } = await store.query(
      'SELECT name, n, total, low, high, last FROM metric_hour JOIN metric_series ON id = series_id ORDER BY name',
    );
    expect(rows).toEqual([
      { name: 'edge.parts', n: 2, total: 1_400, low: 700, high: 700, last: 700 },
      { name: 'system.cpu.utilization', n: 2, total: 1, low: 0, high: 1, last: 1 },
    ]);
    const hour = await store.query('SELECT histogram FROM histogram_hour');
    expect(hour.rows).toHaveLength(1);
    const snapshot = exponentialSnapshot(exponentialHistogramSchema.parse(hour.rows[0]?.['histogram']));
    expect(snapshot.count).toBe(1_400);
    expect(snapshot.p50).toBeGreaterThan(0.66);
    expect(snapshot.p50).toBeLessThan(0.735);
    expect(retention.counts().folded).toBe(6);
  });

  it.skipIf(skip)('deletes by age and by count, the oldest first, and keeps the proof of delivery', async () => {
    const hub = hubUnderTest(store);
    await hub.send([...Array.from({ length: 150 }, (_, i) => partEvent(i + 1)), labelEvent(151)]);
    await hub.settle();
    await retentionAt(testStartMs + dayMs, { eventRows: 100 }).step();
    expect((await store.query('SELECT min(sequence) AS first, count(*)::int8 AS n FROM event')).rows).toEqual([
      { first: 51, n: 100 },
    ]);
    const old = retentionAt(testStartMs + 200 * dayMs);
    await old.step();
    expect([await count('event'), await count('label_task'), await count('label_picture')]).toEqual([0, 0, 0]);
    expect(old.counts().deleted).toMatchObject({ event: 100, label_task: 1 });
    expect((await store.query('SELECT delivered::text FROM stream')).rows).toEqual([{ delivered: '{[1,152)}' }]);
  });
});
