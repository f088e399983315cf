import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { openPgliteStore } from './pglite-store.js';
import type { SqlStore } from './sql-store.js';
import { testStores } from './testing/stores.js';

describe.each(testStores)('the store on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    if (skip === undefined) ({ store, close } = await open());
  }, 120_000);
  afterAll(() => close());

  it.skipIf(skip)('makes its tables once, also when several processes start together', async () => {
    const done = await Promise.all([migrate(store), migrate(store), migrate(store)]);
    expect(done.map((steps) => steps.length).sort()).toEqual([0, 0, migrations.length]);
  });

  it.skipIf(skip)('refuses tables of a newer version', async () => {
    await expect(migrate(store, [])).rejects.toMatchObject({ code: 'hub.schema-newer' });
  });

  it.skipIf(skip)('gives values in the same types', async () => {
    const { rows } = await store.query(
      `SELECT 7::int8 AS whole, 2.5::float8 AS part, true AS yes, $1::text AS text, $2::jsonb AS json, $3::bytea AS bytes,
       $4::timestamptz AS at, NULL::int AS none, '{a,b}'::text[] AS list`,
      ['x', '{"a":[1]}', new Uint8Array([1, 2]), '2026-01-02T03:04:05.678Z'],
    );
    expect(rows).toHaveLength(1);
    const { bytes, ...rest } = rows[0] ?? {};
    expect(rest).toEqual({
      whole: 7,
      part: 2.5,
      yes: true,
      text: 'x',
      json: { a: [1] },
      at: new Date('2026-01-02T03:04:05.678Z'),
      none: null,
      list: ['a', 'b'],
    });
    expect(bytes instanceof Uint8Array && [...bytes]).toEqual([1, 2]);
  });

  it.skipIf(skip)('takes a transaction whole or not at all', async () => {
    const count = async () => (await store.query('SELECT count(*)::int8 AS n FROM setting')).rows[0]?.['n'];
    const failing = store.transaction(async (session) => {
      await session.query("INSERT INTO setting (name, value) VALUES ('a', '1')");
      throw new DeviceError('test.stop', 'stop');
    });
    await expect(failing).rejects.toMatchObject({ code: 'test.stop' });
    expect(await count()).toBe(0);
    await store.transaction((session) => session.query("INSERT INTO setting (name, value) VALUES ('a', '1')"));
    expect(await count()).toBe(1);
  });

  it.skipIf(skip)('tells bad values from a bad statement', async () => {
    await expect(store.query("SELECT 'x'::text::int")).rejects.toMatchObject({ code: 'hub.store-refused' });
    await expect(store.query('SELECT nothing FROM nowhere')).rejects.toMatchObject({ code: 'hub.store-failed' });
    expect((await store.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  it.skipIf(skip)('refuses calls beyond its bound instead of queueing them', async () => {
    const calls = Array.from({ length: 300 }, () => store.query('SELECT 1'));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((each) => each.reason.code === 'hub.store-busy')).toBe(true);
    expect(store.stats().refusedBusy).toBe(refused.length);
  });
});

describe('PGlite in a folder', () => {
  it('keeps what was committed, and belongs to one process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-store-'));
    const first = openPgliteStore({ folder, maxWaiting: 10 });
    await first.script('CREATE TABLE t (n int); INSERT INTO t VALUES (1)');
    expect(() => openPgliteStore({ folder, maxWaiting: 10 })).toThrow(/is open in process/);
    await first.close();
    // What a killed process leaves behind: a mark of a process that is no more.
    writeFileSync(join(folder, 'in-use'), '999999999 1');
    const second = openPgliteStore({ folder, maxWaiting: 10 });
    expect((await second.query('SELECT n FROM t')).rows).toEqual([{ n: 1 }]);
    await second.close();
    rmSync(folder, { recursive: true });
  }, 120_000);
});
