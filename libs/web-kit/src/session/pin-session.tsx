import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiError } from './api-error.js';
import { SignInDialog } from './sign-in-dialog.js';
import type { SignInWords } from './sign-in-dialog.js';

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
  if (session === null) throw new TypeError('SessionContext is empty: wrap the page in PinSession');
  return session;
}

/** The calls behind the session. It must be the same object in every render. */
export interface PinApi {
  /** @param name empty on pages where one PIN serves all */
  signIn(pin: string, name: string): Promise<void>;
  signOut(): Promise<void>;
  signedIn(): Promise<boolean>;
}

interface Props {
  readonly api: PinApi;
  readonly words: SignInWords;
  readonly children: ReactNode;
}

/** One PIN for all acts of a page: asked for when the first act needs it, kept by the server. */
export function PinSession({ api, words, children }: Props): ReactNode {
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
      <SignInDialog opened={asking} words={words} signIn={api.signIn} onSettled={settle} />
    </SessionContext.Provider>
  );
}
