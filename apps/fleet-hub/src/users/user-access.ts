import type { HubRole, HubSessionView, Logger } from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import { createAttemptLimit, verifyPassword } from '@edge-blueprints/dashboard';
import type { Access, AccessSession, SignInReply } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { HubUsers, HubUserSecret } from './hub-users.js';

export const signInSchema = z.strictObject({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});

const sessionMs = 8 * 3_600_000;
const maxSessions = 256;
/** Passwords checked at once: each takes 32 MB and a thread. */
const maxChecking = 4;
/** A well-formed hash that no password is known for: an unknown name costs as much time as a known one. */
const nobody = `scrypt$32768$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** The admin of a run that has none yet: exists in memory only, and only until a real admin does. */
export interface SetUpAdmin {
  readonly name: string;
  readonly passwordHash: string;
}

export interface UserAccess {
  readonly access: Access;
  /** Ends the sessions of users who were changed since, in this process or another. Call it every few seconds. */
  refresh(): Promise<void>;
  sessions(): number;
}

interface Session {
  readonly name: string;
  readonly role: HubRole;
  readonly csrfToken: string;
  readonly expiresMs: number;
  /** Change count of the user at the sign-in; null for the set-up admin. */
  readonly version: number | null;
}

/**
 * Sign-in by name and password: scrypt, tries limited by name with address, by name and by address, at most 256 sessions of
 * eight hours in memory.
 */
export function createUserAccess(
  users: HubUsers,
  deps: {
    readonly fitForRemote: boolean;
    readonly setUp: SetUpAdmin | null;
    /** Of a monotonic clock. */
    readonly nowMs: () => number;
    /** Unguessable. */
    readonly newToken: () => string;
    readonly logger: Logger;
    /** Told of every outcome, for the audit. */
    readonly onSignIn: (name: string, outcome: 'signed-in' | 'refused' | 'limited', peer: string) => void;
  },
): UserAccess {
  const { nowMs } = deps;
  const sessions = new Map<string, Session>();
  const limits = [
    { of: (name: string, peer: string) => `${name} ${peer}`, limit: attempts(5, 60_000) },
    { of: (name: string) => name, limit: attempts(30, 15 * 60_000) },
    { of: (_name: string, peer: string) => peer, limit: attempts(20, 60_000) },
  ];
  let checking = 0;

  function attempts(count: number, windowMs: number) {
    return createAttemptLimit({ attempts: count, windowMs, maxKeys: 4_096, nowMs });
  }
  const secretOf = async (name: string): Promise<HubUserSecret | undefined> => {
    const { setUp } = deps;
    if (setUp === null || setUp.name !== name || (await users.hasAdmin())) return users.secretOf(name);
    return { name, role: 'admin', disabled: false, passwordHash: setUp.passwordHash, version: -1 };
  };
  const open = ({ name, role, version }: HubUserSecret): string => {
    const oldest = sessions.keys().next();
    if (sessions.size >= maxSessions && oldest.done !== true) sessions.delete(oldest.value);
    const token = deps.newToken();
    const expiresMs = nowMs() + sessionMs;
    sessions.set(token, { name, role, csrfToken: deps.newToken(), expiresMs, version: version < 0 ? null : version });
    return token;
  };
  const check = async (name: string, password: string): Promise<HubUserSecret | undefined> => {
    const secret = await secretOf(name);
    const fits = await verifyPassword(password, secret?.passwordHash ?? nobody);
    return fits && secret !== undefined && !secret.disabled ? secret : undefined;
  };
  const signIn = async (body: unknown, peer: string): Promise<SignInReply> => {
    const parsed = signInSchema.safeParse(body);
    if (!parsed.success) return { kind: 'invalid', message: 'Expected a JSON body {"user": "...", "password": "..."}' };
    const { user: name, password } = parsed.data;
    const retryAfterMs = Math.max(...limits.map(({ of, limit }) => limit.waitMs(of(name, peer))));
    if (retryAfterMs > 0) {
      deps.onSignIn(name, 'limited', peer);
      return { kind: 'limited', code: 'users.sign-in-limited', message: 'Too many wrong passwords', retryAfterMs };
    }
    if (checking >= maxChecking)
      return { kind: 'limited', code: 'users.sign-in-busy', message: 'Too many sign-ins at once', retryAfterMs: 1_000 };
    // Counted before the check, so that many tries at once cannot pass the limit together.
    for (const { of, limit } of limits) limit.count(of(name, peer));
    checking += 1;
    try {
      const secret = await check(name, password);
      if (secret === undefined) {
        deps.onSignIn(name, 'refused', peer);
        return { kind: 'refused', code: 'users.sign-in-wrong', message: 'The name or the password is wrong' };
      }
      for (const { of, limit } of limits) limit.takeBack(of(name, peer));
      deps.onSignIn(name, 'signed-in', peer);
      return { kind: 'signed-in', token: open(secret) };
    } finally {
      checking -= 1;
    }
  };
  const session = (token: string | undefined): AccessSession | undefined => {
    const found = token === undefined ? undefined : sessions.get(token);
    if (found === undefined || found.expiresMs <= nowMs()) return undefined;
    return { user: { name: found.name, role: found.role }, csrfToken: found.csrfToken };
  };

  return {
    access: {
      cookieName: 'edge_hub',
      fitForRemote: deps.fitForRemote,
      signIn,
      session,
      signOut: (token) => void (token !== undefined && sessions.delete(token)),
      describe: (open_, secure): HubSessionView => ({
        user: open_?.user ?? null,
        csrfToken: open_?.csrfToken ?? null,
        secure,
      }),
    },
    refresh: async () => {
      try {
        const names = [...new Set([...sessions.values()].map(({ name }) => name))];
        if (names.length === 0) return;
        const current = await users.versions(names);
        const setUpIsOver = deps.setUp !== null && (await users.hasAdmin());
        for (const [token, { name, version, expiresMs }] of sessions) {
          const over = version === null ? setUpIsOver : current.get(name)?.version !== version;
          if (over || expiresMs <= nowMs()) sessions.delete(token);
        }
      } catch (error) {
        deps.logger.warn('users.refresh-failed', { message: errorMessage(error) });
      }
    },
    sessions: () => sessions.size,
  };
}
