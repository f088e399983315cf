import { asApiError, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import type { HubSessionView } from '@edge-blueprints/contracts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useFeed } from '../feed/feed-context.js';
import { covers } from './roles.js';
import { SessionContext, useApi } from './session-context.js';
import type { Session } from './session-context.js';
import type { SessionHolder } from './session-holder.js';
import { SignInPage } from './sign-in-page.js';
import styles from './sign-in-page.module.css';

/** Shows the page to those who are signed in, and the way in to the rest. The feed runs as long as the session. */
export function SessionGate({
  holder,
  children,
}: {
  readonly holder: SessionHolder;
  readonly children: ReactNode;
}): ReactNode {
  const api = useApi();
  const feed = useFeed();
  const [view, setView] = useState<HubSessionView | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);

  const take = useCallback(
    (next: HubSessionView) => {
      holder.take(next);
      setView(next);
    },
    [holder],
  );
  const read = useCallback(() => {
    setFault(null);
    api.session().then(take, (error: unknown) => setFault(asApiError(error)));
  }, [api, take]);
  useEffect(read, [read]);
  useEffect(() => holder.onEnded(() => setView((held) => held && { ...held, user: null, csrfToken: null })), [holder]);

  const user = view?.user ?? null;
  const signedIn = user !== null;
  useEffect(() => {
    if (!signedIn) return;
    feed.start();
    return () => feed.stop();
  }, [feed, signedIn]);

  const session = useMemo<Session | null>(
    () =>
      user === null
        ? null
        : {
            name: user.name,
            role: user.role,
            secure: view?.secure === true,
            may: (needed) => covers(user.role, needed),
            signOut: async () => take(await api.signOut()),
          },
    [api, take, user, view?.secure],
  );

  if (fault !== null)
    return (
      <main className={styles.page}>
        <RequestFault error={fault} onRetry={read} />
      </main>
    );
  if (view === null) return <main className={styles.page} aria-busy="true" />;
  if (session === null) return <SignInPage secure={view.secure} onSignedIn={take} />;
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}
