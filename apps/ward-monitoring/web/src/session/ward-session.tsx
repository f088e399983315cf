import type { WardRight, WardSession } from '@edge-blueprints/contracts';
import { asApiError, PinSession, useSession } from '@edge-blueprints/web-kit';
import type { ApiError, PinApi } from '@edge-blueprints/web-kit';
import { createContext, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { useApi } from './ward-api.js';

const PersonContext = createContext<WardSession | null>(null);

const RefreshContext = createContext<() => Promise<void>>(() => Promise.resolve());

/** Asks the gateway again what the person may do. */
export const useRefreshPerson = (): (() => Promise<void>) => useContext(RefreshContext);

/** Who is signed in at this station, null for nobody: the alarms are shown either way. */
export const usePerson = (): WardSession | null => useContext(PersonContext);

/** Nobody signed in may still be asked to sign in; a person without the right is not offered the act. */
export function useMay(): (right: WardRight) => boolean {
  const person = usePerson();
  return (right) => person === null || person.may.includes(right);
}

/** Name and PIN for acts; the display of the ward never waits for them. */
export function WardSessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const api = useApi();
  const [person, setPerson] = useState<WardSession | null>(null);
  const pinApi = useMemo<PinApi>(
    () => ({
      signIn: async (pin, name) => setPerson(await api.signIn(name, pin)),
      signOut: async () => {
        await api.signOut();
        setPerson(null);
      },
      signedIn: async () => {
        const session = await api.session();
        setPerson(session);
        return session !== null;
      },
    }),
    [api],
  );
  const refresh = useMemo(() => async () => setPerson(await api.session()), [api]);
  return (
    <PersonContext.Provider value={person}>
      <RefreshContext.Provider value={refresh}>
        <PinSession api={pinApi} words={strings.signIn}>
          {children}
        </PinSession>
      </RefreshContext.Provider>
    </PersonContext.Provider>
  );
}

export interface Act {
  readonly busy: boolean;
  readonly fault: ApiError | null;
  /** @returns whether it was done */
  run(act: () => Promise<void>): Promise<boolean>;
}

/** One act with its sign-in, its refusal and its wait. */
export function useAct(): Act {
  const session = useSession();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<ApiError | null>(null);
  return {
    busy,
    fault,
    run: async (act) => {
      setBusy(true);
      setFault(null);
      try {
        return await session.act(act);
      } catch (error) {
        setFault(asApiError(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
