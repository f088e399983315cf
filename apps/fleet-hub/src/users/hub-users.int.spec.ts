import { silentLogger } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../audit/audit-log.js';
import { migrate } from '../store/migrate.js';
import type { SqlStore } from '../store/sql-store.js';
import { testStores } from '../store/testing/stores.js';
import { prepareFirstAdmin } from './first-admin.js';
import { createHubUsers } from './hub-users.js';
import type { HubUsers } from './hub-users.js';
import { createUserAccess } from './user-access.js';
import type { SetUpAdmin } from './user-access.js';

const good = 'seven green bottles';
const nowIso = () => '2026-05-01T08:00:00.000Z';

describe.each(testStores)('hub users on $name', ({ skip, open }) => {
  let store: SqlStore;
  let users: HubUsers;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    if (skip !== undefined) return;
    ({ store, close } = await open());
    await migrate(store);
    users = createHubUsers(store, { nowIso });
  }, 60_000);
  afterAll(() => close());
  beforeEach(async () => {
    if (skip === undefined)
      await store.script("DELETE FROM hub_user; DELETE FROM audit_entry; UPDATE audit_head SET id = 0, hash = ''");
  });

  const accessOf = (setUp: SetUpAdmin | null = null) => {
    let nowMs = 1_000_000;
    let tokens = 0;
    const told: string[] = [];
    const made = createUserAccess(users, {
      fitForRemote: true,
      setUp,
      nowMs: () => nowMs,
      newToken: () => `t${(tokens += 1)}`,
      logger: silentLogger,
      onSignIn: (name, outcome) => told.push(`${name} ${outcome}`),
    });
    return { ...made, told, pass: (ms: number) => (nowMs += ms) };
  };

  it.skipIf(skip)('are added once, under the rules, and the audit knows', async () => {
    expect(await users.add('root', 'ann', 'admin', good)).toMatchObject({
      ok: true,
      value: { name: 'ann', role: 'admin' },
    });
    expect(await users.add('root', 'ann', 'viewer', good)).toMatchObject({ ok: false, code: 'users.name-taken' });
    expect(await users.add('root', 'Ann B', 'viewer', good)).toMatchObject({ ok: false, code: 'users.name-invalid' });
    expect(await users.add('root', 'bob', 'viewer', '123')).toMatchObject({ ok: false, code: 'users.password-weak' });
    expect((await users.list()).map(({ name }) => name)).toEqual(['ann']);
    const entries = await createAuditLog(store).search({ search: '', before: undefined, limit: 10 });
    expect(entries).toMatchObject([{ who: 'root', action: 'user.add', target: 'ann', detail: 'role admin' }]);
    expect(JSON.stringify(entries)).not.toContain('scrypt');
  });

  it.skipIf(skip)('keep their last admin, also when two admins demote each other at once', async () => {
    await users.add('root', 'ann', 'admin', good);
    expect(await users.change('ann', 'ann', { role: 'viewer' })).toMatchObject({ ok: false, code: 'users.last-admin' });
    expect(await users.change('ann', 'ann', { disabled: true })).toMatchObject({ ok: false, code: 'users.last-admin' });
    await users.add('root', 'bob', 'admin', good);
    const both = await Promise.all([
      users.change('ann', 'bob', { disabled: true }),
      users.change('bob', 'ann', { role: 'operator' }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await users.hasAdmin()).toBe(true);
    expect(await users.change('x', 'nobody', { disabled: true })).toMatchObject({ ok: false, code: 'users.unknown' });
  });

  it.skipIf(skip)(
    'sign in with their password, and their sessions end with a change, a sign-out or eight hours',
    async () => {
      await users.add('root', 'ann', 'admin', good);
      await users.add('root', 'bob', 'operator', good);
      const { access, refresh, pass, told, sessions } = accessOf();
      expect(await access.signIn({ user: 'bob' }, 'p')).toMatchObject({ kind: 'invalid' });
      expect(await access.signIn({ user: 'bob', password: 'wrong' }, 'p')).toMatchObject({ kind: 'refused' });
      expect(await access.signIn({ user: 'nobody', password: good }, 'p')).toMatchObject({ kind: 'refused' });
      const first = await access.signIn({ user: 'bob', password: good }, 'p');
      const token = first.kind === 'signed-in' ? first.token : '';
      expect(access.session(token)).toEqual({ user: { name: 'bob', role: 'operator' }, csrfToken: 't2' });
      await refresh();
      expect(access.session(token)).toBeDefined();
      await users.change('ann', 'bob', { role: 'viewer' });
      await refresh();
      expect(access.session(token)).toBeUndefined();
      await users.change('ann', 'bob', { disabled: true });
      expect(await access.signIn({ user: 'bob', password: good }, 'p')).toMatchObject({ kind: 'refused' });
      expect(told).toEqual(['bob refused', 'nobody refused', 'bob signed-in', 'bob refused']);

      const admin = await access.signIn({ user: 'ann', password: good }, 'p');
      const adminToken = admin.kind === 'signed-in' ? admin.token : '';
      pass(8 * 3_600_000);
      expect(access.session(adminToken)).toBeUndefined();
      await refresh();
      expect(sessions()).toBe(0);
    },
  );

  it.skipIf(skip)('lock a name at one address after five wrong passwords, also when all are sent at once', async () => {
    await users.add('root', 'ann', 'admin', good);
    const { access, pass } = accessOf();
    for (let i = 0; i < 5; i += 1)
      expect((await access.signIn({ user: 'ann', password: `no ${i}` }, 'p')).kind).toBe('refused');
    expect(await access.signIn({ user: 'ann', password: good }, 'p')).toMatchObject({
      kind: 'limited',
      retryAfterMs: 60_000,
    });
    expect((await access.signIn({ user: 'ann', password: good }, 'q')).kind).toBe('signed-in');
    pass(60_000);
    expect((await access.signIn({ user: 'ann', password: good }, 'p')).kind).toBe('signed-in');
    const many = await Promise.all(Array.from({ length: 12 }, () => access.signIn({ user: 'x', password: 'y' }, 'r')));
    expect(many.filter(({ kind }) => kind === 'refused').length).toBeLessThanOrEqual(4);
  });

  it.skipIf(skip)(
    'begin with a configured admin, or with one that lives in memory until a real one exists',
    async () => {
      const loose = await prepareFirstAdmin(users, undefined);
      expect(loose.configured).toBe(false);
      const { access, refresh } = accessOf(loose.setUp);
      const entered = await access.signIn({ user: 'admin', password: loose.setUpPassword }, 'p');
      const token = entered.kind === 'signed-in' ? entered.token : '';
      expect(access.session(token)?.user).toEqual({ name: 'admin', role: 'admin' });
      expect(await users.list()).toEqual([]);
      await expect(prepareFirstAdmin(users, 'short')).rejects.toMatchObject({ code: 'users.first-admin' });
      expect(await prepareFirstAdmin(users, good)).toEqual({ configured: true, setUp: null, setUpPassword: null });
      await refresh();
      expect(access.session(token)).toBeUndefined();
      expect((await access.signIn({ user: 'admin', password: loose.setUpPassword }, 'p')).kind).toBe('refused');
      expect((await access.signIn({ user: 'admin', password: good }, 'p')).kind).toBe('signed-in');
      expect(await prepareFirstAdmin(users, 'another password')).toMatchObject({ configured: true });
    },
  );
});
