import { z } from 'zod';
import type { Access } from './access.js';
import { createOperatorSessions } from './operator-sessions.js';

const signInSchema = z.strictObject({ pin: z.string().min(1).max(64) });
const operator = { user: { name: 'operator', role: 'operator' }, csrfToken: null } as const;

/** One operator who knows a PIN. */
export function createPinAccess(options: {
  readonly pin: string;
  /** False where the PIN was drawn at random because none was configured. */
  readonly pinConfigured: boolean;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
  /** An unguessable token per sign-in. */
  readonly newToken: () => string;
}): Access {
  const sessions = createOperatorSessions(options);
  return {
    cookieName: 'edge_operator',
    fitForRemote: options.pinConfigured,
    signIn: (body, peer) => {
      const parsed = signInSchema.safeParse(body);
      if (!parsed.success) return { kind: 'invalid', message: 'Expected a JSON body {"pin": "..."}' };
      const outcome = sessions.signIn(parsed.data.pin, peer);
      if (outcome.kind === 'signed-in') return outcome;
      return outcome.kind === 'limited'
        ? {
            kind: 'limited',
            code: 'dashboard.sign-in-limited',
            message: 'Too many wrong PINs',
            retryAfterMs: outcome.retryAfterMs,
          }
        : { kind: 'refused', code: 'dashboard.pin-wrong', message: 'This is not the operator PIN' };
    },
    session: (token) => (sessions.isSignedIn(token) ? operator : undefined),
    signOut: (token) => sessions.signOut(token),
    describe: (session) => ({ signedIn: session !== undefined }),
  };
}
