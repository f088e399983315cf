import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiError } from '@edge-blueprints/web-kit';
import { useApi } from './api-context.js';
import { SignInDialog } from './sign-in-dialog.js';

export interface Session {
  readonly signedIn: boolean;
  signOut(): Promise<void>;
  signIn(): Promise<boolean>;
  /** Runs an act; asks for the PIN first where the station wants it. Resolves to false when the person gives up. */
  act(run: () => Promise<void>): Promise<boolean>;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new TypeError('SessionContext is empty: wrap the page in SessionProvider');
  return session;
}

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const api = useApi();
  const [signedIn, setSignedIn] = useState(false);
  const [asking, setAsking] = useState(false);
  const answer = useRef<((signedIn: boolean) => void) | null>(null);

  useEffect(() => {
    api.signedIn().then(setSignedIn, () => undefined);
  }, [api]);

  const signIn = useCallback((): Promise<boolean> => {
    setAsking(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);

  const settle = useCallback((done: boolean) => {
    setAsking(false);
    if (done) setSignedIn(true);
    answer.current?.(done);
    answer.current = null;
  }, []);

  const session = useMemo<Session>(
    () => ({
      signedIn,
      signIn,
      signOut: async () => {
        await api.signOut();
        setSignedIn(false);
      },
      act: async (run) => {
        if (!signedIn && !(await signIn())) return false;
        try {
          await run();
        } catch (error) {
          // The session may have ended on the station while this page still believed in it.
          if (!(error instanceof ApiError) || error.status !== 401) throw error;
          setSignedIn(false);
          if (!(await signIn())) return false;
          await run();
        }
        return true;
      },
    }),
    [api, signedIn, signIn],
  );

  return (
    <SessionContext.Provider value={session}>
      {children}
      <SignInDialog opened={asking} onSettled={settle} />
    </SessionContext.Provider>
  );
}
