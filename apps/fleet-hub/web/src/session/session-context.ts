import type { HubRole } from '@edge-blueprints/contracts';
import { createContext, useContext } from 'react';
import type { HubApi } from './hub-api.js';

export interface Session {
  readonly name: string;
  readonly role: HubRole;
  readonly secure: boolean;
  may(needed: HubRole): boolean;
  signOut(): Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);
export const ApiContext = createContext<HubApi | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new TypeError('SessionContext is empty: wrap the page in SessionGate');
  return session;
}

export function useApi(): HubApi {
  const api = useContext(ApiContext);
  if (api === null) throw new TypeError('ApiContext has no client: wrap the page in ApiContext.Provider');
  return api;
}
