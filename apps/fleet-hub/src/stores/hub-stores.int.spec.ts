import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { releaseEvent } from '../ingest/testing/events.js';
import { emptyTables, hubUnderTest } from '../ingest/testing/hub-under-test.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { readHubStores } from './hub-stores.js';

const hour = (n: number) => ({
  windowFrom: new Date(Date.UTC(2026, 4, 1, n)).toISOString(),
  windowTo: new Date(Date.UTC(2026, 4, 1, n + 1)).toISOString(),
});

describe.each(testStores)('stores on $name', ({ skip, open }) => {
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
  const take = async (events: readonly ReturnType<typeof releaseEvent>[]): Promise<void> => {
    const hub = hubUnderTest(store);
    await hub.send(events);
    await hub.settle();
  };
  const read = async () => (await readHubStores(store, { windows: 2, limit: 10 })).stores;

  it.skipIf(skip)('keeps each release once, shows the newest of a metric and the last counts in order', async () => {
    const events = [
      releaseEvent(1, hour(8)),
      releaseEvent(2, hour(10)),
      releaseEvent(3, hour(9)),
      releaseEvent(4, { ...hour(9), metric: 'heat' }),
    ];
    await take(events);
    await take(events);
    // A node enters a release again when it cannot know that it did: another event, the same window and ledger entry.
    await take([releaseEvent(5, { ...hour(9), ledger: { entry: 3, hash: '3'.padStart(64, '0') } })]);
    const [corner, ...others] = await read();
    expect(others).toEqual([]);
    expect(corner?.newest.map(({ metric, windowTo }) => [metric, windowTo])).toEqual([
      ['counts', hour(10).windowTo],
      ['heat', hour(9).windowTo],
    ]);
    expect(corner?.counts.map(({ windowTo }) => windowTo)).toEqual([hour(9).windowTo, hour(10).windowTo]);
    expect(corner?.forked).toBe(false);
  });

  it.skipIf(skip)(
    'tells of a ledger that was put back: an entry with two hashes, a window paid for twice',
    async () => {
      await take([releaseEvent(1, hour(8)), releaseEvent(2, hour(9))]);
      expect((await read())[0]?.forked).toBe(false);
      await take([releaseEvent(3, { ...hour(10), ledger: { entry: 2, hash: 'f'.repeat(64) } })]);
      expect((await read())[0]?.forked).toBe(true);
      await emptyTables(store);
      await take([releaseEvent(1, hour(8)), releaseEvent(2, hour(8))]);
      expect((await read())[0]?.forked).toBe(true);
    },
  );
});
