import { DeviceError } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { appendAudit, appendDeviceAudit, createAuditLog } from './audit-log.js';

const fact = (n: number, detail = 'why not') => ({
  at: '2026-05-01T08:00:00Z',
  who: n % 2 === 0 ? 'ann' : 'bob',
  action: 'alert.acknowledge',
  target: `alert ${n}`,
  detail,
});

describe.each(testStores)('audit on $name', ({ skip, open }) => {
  let store: SqlStore;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
  }, 60_000);
  afterAll(() => close());
  beforeEach(async () => {
    if (skip === undefined) await store.script("DELETE FROM audit_entry; UPDATE audit_head SET id = 0, hash = ''");
  });
  const add = (...facts: readonly ReturnType<typeof fact>[]) =>
    store.transaction((session) => appendAudit(session, facts));

  it.skipIf(skip)('numbers entries without holes, also from writers at once, and proves the chain', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => add(fact(i), fact(i + 100))));
    const log = createAuditLog(store);
    expect(await log.verify()).toEqual({ entries: 24, first: 1, last: 24, brokenAt: null });
  });

  it.skipIf(skip)('is written with the act or not at all', async () => {
    const failing = store.transaction(async (session) => {
      await appendAudit(session, [fact(1)]);
      throw new DeviceError('test.stop', 'stop');
    });
    await expect(failing).rejects.toMatchObject({ code: 'test.stop' });
    await add(fact(2));
    expect(await createAuditLog(store).verify()).toEqual({ entries: 1, first: 1, last: 1, brokenAt: null });
  });

  it.skipIf(skip)('finds words anywhere, pages backwards, and exports forwards with hashes', async () => {
    await add(...Array.from({ length: 30 }, (_, i) => fact(i, i === 7 ? 'Dust % on the LENS_' : 'why not')));
    const log = createAuditLog(store);
    expect((await log.search({ search: 'lens_ dust', before: undefined, limit: 9 })).map(({ id }) => id)).toEqual([8]);
    expect(await log.search({ search: '%', before: undefined, limit: 99 })).toHaveLength(1);
    const newest = await log.search({ search: 'ann', before: undefined, limit: 3 });
    expect(newest.map(({ id }) => id)).toEqual([29, 27, 25]);
    const older = await log.search({ search: 'ann', before: 25, limit: 3 });
    expect(older.map(({ id }) => id)).toEqual([23, 21, 19]);
    const exported: number[] = [];
    for await (const entry of log.entries('bob')) exported.push(entry.id);
    expect(exported).toEqual(Array.from({ length: 15 }, (_, i) => 2 * i + 2));
  });

  it.skipIf(skip)('shows what was changed, taken out or cut off behind its back', async () => {
    const log = createAuditLog(store);
    const tamper = async (sql: string) => {
      await store.script("DELETE FROM audit_entry; UPDATE audit_head SET id = 0, hash = ''");
      await add(fact(1), fact(2), fact(3), fact(4));
      await store.script(sql);
      return (await log.verify()).brokenAt;
    };
    expect(await tamper("UPDATE audit_entry SET who = 'eve' WHERE id = 2")).toBe(2);
    expect(await tamper('DELETE FROM audit_entry WHERE id = 2')).toBe(3);
    expect(await tamper('DELETE FROM audit_entry WHERE id = 4')).toBe(4);
    expect(await tamper('DELETE FROM audit_entry')).toBe(1);
    expect(await tamper('UPDATE audit_head SET id = id')).toBeNull();
  });

  it.skipIf(skip)('keeps what it was given where the database could not: no NUL, no half letters', async () => {
    await add(fact(1, 'a\u0000b\ud800c'));
    const log = createAuditLog(store);
    expect((await log.verify()).brokenAt).toBeNull();
    expect((await log.search({ search: '', before: undefined, limit: 1 }))[0]?.detail).toBe('a\ufffdb\ufffdc');
  });

  it.skipIf(skip)('takes device acts into the same chain, and stays provable after old entries made room', async () => {
    const identity = { site: 'hall', device: 'd1' };
    await store.transaction((session) =>
      appendDeviceAudit(session, [
        { identity, atMs: 0, who: 'operator', action: 'threshold.set', target: 'open', reason: 'glare' },
      ]),
    );
    await add(fact(1), fact(2));
    const log = createAuditLog(store);
    expect((await log.search({ search: 'hall/d1', before: undefined, limit: 9 }))[0]).toMatchObject({
      who: 'hall/d1: operator',
      target: 'hall/d1 open',
      detail: 'glare',
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(await log.prune(2)).toBe(1);
    expect(await log.verify()).toEqual({ entries: 2, first: 2, last: 3, brokenAt: null });
  });
});
