import { createHash, timingSafeEqual } from 'node:crypto';

export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly token: string }
  | { readonly kind: 'wrong-pin' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

export interface OperatorSessions {
  /** @param peer remote address, the key of the per-peer limit */
  signIn(pin: string, peer: string): SignInOutcome;
  isSignedIn(token: string | undefined): boolean;
  signOut(token: string | undefined): void;
}

/** Wrong PINs a peer may try within the window; all peers together get four times as many. */
const attemptsPerPeer = 5;
const attemptsInAll = 20;
const windowMs = 60_000;
const sessionMs = 8 * 3_600_000;
const maxSessions = 64;
const maxPeers = 256;

/** Sign-in by PIN: constant-time comparison, limited attempts, bounded sessions of eight hours. Time and tokens come in. */
export function createOperatorSessions(options: {
  readonly pin: string;
  readonly nowMs: () => number;
  readonly newToken: () => string;
}): OperatorSessions {
  const expected = digest(options.pin);
  const expiryByToken = new Map<string, number>();
  const failuresByPeer = new Map<string, number[]>();

  const recentFailures = (peer: string): number[] => {
    const floor = options.nowMs() - windowMs;
    for (const [name, times] of failuresByPeer) {
      const recent = times.filter((at) => at > floor);
      if (recent.length === 0) failuresByPeer.delete(name);
      else failuresByPeer.set(name, recent);
    }
    return failuresByPeer.get(peer) ?? [];
  };

  return {
    signIn: (pin, peer) => {
      const own = recentFailures(peer);
      const all = [...failuresByPeer.values()].flat();
      const limited = own.length >= attemptsPerPeer ? own : all.length >= attemptsInAll ? all : undefined;
      if (limited !== undefined)
        return { kind: 'limited', retryAfterMs: Math.min(...limited) + windowMs - options.nowMs() };
      if (!timingSafeEqual(digest(pin), expected)) {
        if (failuresByPeer.size < maxPeers || failuresByPeer.has(peer))
          failuresByPeer.set(peer, [...own, options.nowMs()]);
        return { kind: 'wrong-pin' };
      }
      failuresByPeer.delete(peer);
      const oldest = expiryByToken.keys().next();
      if (expiryByToken.size >= maxSessions && oldest.done !== true) expiryByToken.delete(oldest.value);
      const token = options.newToken();
      expiryByToken.set(token, options.nowMs() + sessionMs);
      return { kind: 'signed-in', token };
    },
    isSignedIn: (token) => {
      const expiry = token === undefined ? undefined : expiryByToken.get(token);
      return expiry !== undefined && expiry > options.nowMs();
    },
    signOut: (token) => {
      if (token !== undefined) expiryByToken.delete(token);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
