import type { HubSessionView } from '@edge-blueprints/contracts';
import type { Fetch } from '@edge-blueprints/web-kit';

/** The session beside the component tree: the client reads the token here, and an answer 401 ends the session here. */
export interface SessionHolder {
  take(session: HubSessionView): void;
  csrfToken(): string | null;
  /** Wraps a fetch so that a session that ended on the hub ends on the page. */
  watching(fetch: Fetch): Fetch;
  onEnded(listener: () => void): () => void;
}

export function createSessionHolder(): SessionHolder {
  let held: HubSessionView | null = null;
  const listeners = new Set<() => void>();
  return {
    take: (session) => {
      held = session;
    },
    csrfToken: () => held?.csrfToken ?? null,
    watching: (fetch) => async (path, init) => {
      const response = await fetch(path, init);
      // A wrong password is also a 401, but then there is no session that could end.
      if (response.status === 401 && held?.user != null) {
        held = { ...held, user: null, csrfToken: null };
        for (const listener of listeners) listener();
      }
      return response;
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
