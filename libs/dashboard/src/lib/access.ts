/** From least to most; each role may also do what the ones before it may. */
export const accessRoles = ['viewer', 'operator', 'admin'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** What a route asks for: nothing, or a signed-in user of at least this role. */
export type RouteAccess = 'public' | AccessRole;

export interface SignedInUser {
  readonly name: string;
  readonly role: AccessRole;
}

export interface AccessSession {
  readonly user: SignedInUser;
  /** Must come back as the header `x-csrf-token` with every act; null where the origin check alone guards acts. */
  readonly csrfToken: string | null;
}

export type SignInReply =
  | { readonly kind: 'signed-in'; readonly token: string }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'limited'; readonly code: string; readonly message: string; readonly retryAfterMs: number };

/** Who may come in. One page has one way: a PIN (`createPinAccess`) or named users (the hub's own). */
export interface Access {
  /** Browsers send cookies to every port of a host, so two pages on one machine need two names. */
  readonly cookieName: string;
  /** False where the secret was drawn at random and printed at the start, which is good for loopback only. */
  readonly fitForRemote: boolean;
  /** @param body of the request, untrusted @param peer remote address, the key of the per-peer limit */
  signIn(body: unknown, peer: string): SignInReply | Promise<SignInReply>;
  session(token: string | undefined): AccessSession | undefined;
  signOut(token: string | undefined): void;
  /** Body of `GET /api/session` and of the answers to sign-in and sign-out. */
  describe(session: AccessSession | undefined, secure: boolean): unknown;
}

/** True when `role` covers what the route asks for. */
export function covers(role: AccessRole | undefined, needed: RouteAccess): boolean {
  if (needed === 'public') return true;
  return role !== undefined && accessRoles.indexOf(role) >= accessRoles.indexOf(needed);
}
