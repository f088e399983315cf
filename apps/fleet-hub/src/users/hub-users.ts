import { randomBytes } from 'node:crypto';
import type { HubRole, HubUserView } from '@edge-blueprints/contracts';
import { hashPassword } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { done, refused } from '../act-outcome.js';
import type { ActOutcome } from '../act-outcome.js';
import { appendAudit } from '../audit/audit-log.js';
import type { SqlSession, SqlStore } from '../store/sql-store.js';
import { passwordProblems } from './password-rules.js';

export const userNamePattern = /^[a-z][a-z0-9._-]{1,31}$/;
const maxUsers = 1_000;

const userRow = z.object({
  name: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  disabled: z.boolean(),
  created_at: z.date(),
  last_sign_in_at: z.date().nullable(),
  password: z.string(),
  version: z.number(),
});

/** What sign-in needs to know. */
export interface HubUserSecret {
  readonly name: string;
  readonly role: HubRole;
  readonly disabled: boolean;
  readonly passwordHash: string;
  readonly version: number;
}

export interface HubUserChange {
  readonly role?: HubRole | undefined;
  readonly password?: string | undefined;
  readonly disabled?: boolean | undefined;
}

export interface HubUsers {
  list(): Promise<readonly HubUserView[]>;
  secretOf(name: string): Promise<HubUserSecret | undefined>;
  /** Role and change count of each, for sessions that may be over. */
  versions(names: readonly string[]): Promise<ReadonlyMap<string, HubUserSecret>>;
  hasAdmin(): Promise<boolean>;
  /** Notes the time of a sign-in; with the audit entry, as one. */
  signedIn(name: string, peer: string): Promise<void>;
  add(by: string, name: string, role: HubRole, password: string): Promise<ActOutcome<HubUserView>>;
  /** The last admin who may sign in stays one. A change ends the user's sessions. */
  change(by: string, name: string, change: HubUserChange): Promise<ActOutcome<HubUserView>>;
}

/** The people who may use the hub. Every change stands in the audit, in the same transaction. */
export function createHubUsers(store: SqlStore, deps: { readonly nowIso: () => string }): HubUsers {
  const find = async (session: SqlSession, name: string) => {
    const { rows } = await session.query('SELECT * FROM hub_user WHERE name = $1', [name]);
    return rows[0] === undefined ? undefined : userRow.parse(rows[0]);
  };
  const log = (session: SqlSession, who: string, action: string, target: string, detail: string) =>
    appendAudit(session, [{ at: deps.nowIso(), who, action, target, detail }]);
  // Two admins who demote each other at the same moment must take turns.
  const lock = (session: SqlSession) => session.script('LOCK TABLE hub_user IN SHARE ROW EXCLUSIVE MODE');

  return {
    list: async () => {
      const { rows } = await store.query('SELECT * FROM hub_user ORDER BY name LIMIT $1', [maxUsers]);
      return z.array(userRow).parse(rows).map(toView);
    },
    secretOf: async (name) => {
      const row = await find(store, name);
      return row === undefined ? undefined : toSecret(row);
    },
    versions: async (names) => {
      const { rows } = await store.query(
        'SELECT * FROM hub_user WHERE name IN (SELECT jsonb_array_elements_text($1::jsonb))',
        [JSON.stringify(names)],
      );
      return new Map(
        z
          .array(userRow)
          .parse(rows)
          .map((row) => [row.name, toSecret(row)]),
      );
    },
    hasAdmin: async () => (await countAdmins(store)) > 0,
    signedIn: (name, peer) =>
      store.transaction(async (session) => {
        await session.query('UPDATE hub_user SET last_sign_in_at = $2 WHERE name = $1', [name, deps.nowIso()]);
        await log(session, name, 'user.sign-in', name, `from ${peer}`);
      }),
    add: async (by, name, role, password) => {
      const problem = nameProblem(name) ?? passwordProblem(password, name);
      if (problem !== undefined) return problem;
      const hash = await hashPassword(password, randomBytes(16));
      return store.transaction(async (session) => {
        await lock(session);
        if ((await find(session, name)) !== undefined)
          return refused(409, 'users.name-taken', `There is a user ${name} already; choose another name`);
        const { rows: counted } = await session.query('SELECT count(*)::int8 AS users FROM hub_user');
        if (Number(counted[0]?.['users']) >= maxUsers)
          return refused(409, 'users.too-many', `There are ${maxUsers} users already, the most this hub keeps`);
        const { rows } = await session.query(
          'INSERT INTO hub_user (name, role, password, created_at, changed_at) VALUES ($1, $2, $3, $4, $4) RETURNING *',
          [name, role, hash, deps.nowIso()],
        );
        await log(session, by, 'user.add', name, `role ${role}`);
        return done(toView(userRow.parse(rows[0])));
      });
    },
    change: async (by, name, change) => {
      const problem = change.password === undefined ? undefined : passwordProblem(change.password, name);
      if (problem !== undefined) return problem;
      const hash = change.password === undefined ? undefined : await hashPassword(change.password, randomBytes(16));
      return store.transaction(async (session) => {
        await lock(session);
        const before = await find(session, name);
        if (before === undefined) return refused(404, 'users.unknown', `There is no user ${name}`);
        const role = change.role ?? before.role;
        const disabled = change.disabled ?? before.disabled;
        const wasAdmin = before.role === 'admin' && !before.disabled;
        if (wasAdmin && (role !== 'admin' || disabled) && (await countAdmins(session)) === 1)
          return refused(409, 'users.last-admin', `${name} is the last admin; make another user admin first`);
        const { rows } = await session.query(
          `UPDATE hub_user SET role = $2, disabled = $3, password = $4, changed_at = $5, version = version + 1
           WHERE name = $1 RETURNING *`,
          [name, role, disabled, hash ?? before.password, deps.nowIso()],
        );
        const what = [
          ...(role === before.role ? [] : [`role ${before.role} -> ${role}`]),
          ...(disabled === before.disabled ? [] : [disabled ? 'disabled' : 'enabled']),
          ...(hash === undefined ? [] : ['new password']),
        ];
        await log(session, by, 'user.change', name, what.join(', ') || 'nothing changed');
        return done(toView(userRow.parse(rows[0])));
      });
    },
  };
}

async function countAdmins(session: SqlSession): Promise<number> {
  const { rows } = await session.query(
    "SELECT count(*)::int8 AS admins FROM hub_user WHERE role = 'admin' AND NOT disabled",
  );
  return Number(rows[0]?.['admins']);
}

function nameProblem(name: string) {
  return userNamePattern.test(name)
    ? undefined
    : refused(
        400,
        'users.name-invalid',
        `"${name}" is not a user name; use 2 to 32 of a-z, 0-9, dot, dash, a letter first`,
      );
}

function passwordProblem(password: string, name: string) {
  const problems = passwordProblems(password, name);
  return problems.length === 0
    ? undefined
    : refused(400, 'users.password-weak', `The password ${problems.join('; it ')}`);
}

function toView(row: z.infer<typeof userRow>): HubUserView {
  const { name, role, disabled } = row;
  const lastSignInAt = row.last_sign_in_at?.toISOString() ?? null;
  return { name, role, disabled, createdAt: row.created_at.toISOString(), lastSignInAt };
}

function toSecret({ name, role, disabled, password, version }: z.infer<typeof userRow>): HubUserSecret {
  return { name, role, disabled, passwordHash: password, version };
}
