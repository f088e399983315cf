import type { AuditTrail, WardSession } from '@edge-blueprints/contracts';
import { createAttemptLimit, verifyPassword } from '@edge-blueprints/dashboard';
import type { Access, AccessSession, SignInReply } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { Standing } from './break-glass.js';
import { rightsOf } from './ward-rights.js';
import type { WardUsers } from './ward-users.js';

const signInSchema = z.strictObject({ name: z.string().min(1).max(32), pin: z.string().min(1).max(64) });
const sessionMs = 8 * 3_600_000;
const maxSessions = 256;
const maxChecking = 4;
/** Hash of nobody's PIN, so that an unknown name takes as long as a wrong PIN. */
const nobody = `scrypt$32768$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export interface WardAccessOptions {
  readonly users: WardUsers;
  readonly trail: AuditTrail;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
  readonly newToken: () => string;
  /** The role that counts now, and its session where it is not the user's own. */
  readonly standing: Standing;
}

/**
 * Sign-in by name and PIN: scrypt, tries limited by name and by address, sessions of eight hours in memory. Rights follow from the
 * user's role at each request. Sign-ins are entries of the trail; those that cannot be written are counted by the trail itself.
 */
export function createWardAccess({ users, trail, nowMs, newToken, standing }: WardAccessOptions): Access {
  const sessions = new Map<string, { readonly name: string; readonly pinHash: string; readonly expiresMs: number }>();
  const limit = (attempts: number) => createAttemptLimit({ attempts, windowMs: 60_000, maxKeys: 1_024, nowMs });
  const [byName, byPeer] = [limit(5), limit(20)];
  let checking = 0;
  const note = (name: string, type: string, outcome: 'success' | 'refused'): void => {
    // A name that is not one of ours may be anything, a patient's as well.
    const id = users.find(name) === undefined ? 'unknown' : name;
    const role = users.find(name)?.role ?? 'unknown';
    trail.record([{ type, actor: { id, role }, action: type, outcome }]).catch(() => undefined);
  };
  const session = (token: string | undefined): AccessSession | undefined => {
    const found = token === undefined ? undefined : sessions.get(token);
    // Another PIN ends what was begun with the one before.
    const holds = found !== undefined && found.expiresMs > nowMs() && users.find(found.name)?.pinHash === found.pinHash;
    if (!holds) return undefined;
    return { user: { name: found.name, role: 'operator' }, csrfToken: null };
  };
  const signIn = async (body: unknown, peer: string): Promise<SignInReply> => {
    const parsed = signInSchema.safeParse(body);
    if (!parsed.success) return { kind: 'invalid', message: 'Expected a JSON body {"name": "...", "pin": "..."}' };
    const { name, pin } = parsed.data;
    const retryAfterMs = Math.max(byName.waitMs(name), byPeer.waitMs(peer));
    if (retryAfterMs > 0 || checking >= maxChecking)
      return {
        kind: 'limited',
        code: 'ward.sign-in-limited',
        message: 'Too many tries',
        retryAfterMs: Math.max(retryAfterMs, 1_000),
      };
    // Counted before the check, so that many tries at once cannot pass the limit together.
    byName.count(name);
    byPeer.count(peer);
    checking += 1;
    try {
      const user = users.find(name);
      const fits = await verifyPassword(pin, user?.pinHash ?? nobody);
      if (!fits || user === undefined) {
        note(name, 'session.refused', 'refused');
        return { kind: 'refused', code: 'ward.sign-in-wrong', message: 'The name or the PIN is wrong' };
      }
      byName.takeBack(name);
      byPeer.takeBack(peer);
      const oldest = sessions.keys().next();
      if (sessions.size >= maxSessions && oldest.done !== true) sessions.delete(oldest.value);
      const token = newToken();
      sessions.set(token, { name, pinHash: user.pinHash, expiresMs: nowMs() + sessionMs });
      note(name, 'session.start', 'success');
      return { kind: 'signed-in', token };
    } finally {
      checking -= 1;
    }
  };
  return {
    cookieName: 'edge_ward',
    fitForRemote: users.count > 0,
    signIn,
    session,
    signOut(token) {
      const found = token === undefined ? undefined : sessions.get(token);
      if (token === undefined || found === undefined) return;
      sessions.delete(token);
      note(found.name, 'session.end', 'success');
    },
    describe(open): WardSession | null {
      const user = open === undefined ? undefined : users.find(open.user.name);
      if (user === undefined) return null;
      const { role, untilMs } = standing(user);
      const emergency = untilMs === undefined ? {} : { breakGlassUntilMs: untilMs };
      return { name: user.name, role, may: rightsOf[role], ...emergency };
    },
  };
}
