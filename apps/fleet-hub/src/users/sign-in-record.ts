import { errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import { createAttemptLimit } from '@edge-blueprints/dashboard';
import { appendAudit } from '../audit/audit-log.js';
import type { SqlStore } from '../store/sql-store.js';
import { userNamePattern } from './hub-users.js';
import type { HubUsers } from './hub-users.js';

export type SignInOutcome = 'signed-in' | 'refused' | 'limited';

/** Failed sign-ins that the audit takes a minute: somebody who guesses must not fill it. */
const failuresPerMinute = 30;

export interface SignInRecord {
  note(name: string, outcome: SignInOutcome, peer: string): void;
  /** Failures that found no room in the audit; they are in the log. */
  omitted(): number;
}

/** Who signed in from where, and who failed to, in the audit. A failed name that is no user's is not kept: it may be a password. */
export function createSignInRecord(
  store: SqlStore,
  users: HubUsers,
  deps: { readonly nowIso: () => string; readonly nowMs: () => number; readonly logger: Logger },
): SignInRecord {
  const room = createAttemptLimit({ attempts: failuresPerMinute, windowMs: 60_000, maxKeys: 1, nowMs: deps.nowMs });
  let omitted = 0;
  const fail = async (name: string, outcome: SignInOutcome, peer: string): Promise<void> => {
    const known = userNamePattern.test(name) && (await users.secretOf(name)) !== undefined;
    const who = known ? name : 'unknown name';
    const entry = { at: deps.nowIso(), who, action: `user.sign-in-${outcome}`, target: who, detail: `from ${peer}` };
    await store.transaction((session) => appendAudit(session, [entry]));
  };
  return {
    omitted: () => omitted,
    note: (name, outcome, peer) => {
      if (outcome !== 'signed-in') {
        deps.logger.warn('users.sign-in-failed', { outcome, peer });
        if (room.waitMs('') > 0) {
          omitted += 1;
          return;
        }
        room.count('');
      }
      const done = outcome === 'signed-in' ? users.signedIn(name, peer) : fail(name, outcome, peer);
      done.catch((error: unknown) => deps.logger.warn('users.sign-in-unrecorded', { message: errorMessage(error) }));
    },
  };
}
