import { createContext, useContext } from 'react';
import type { StationApi } from './station-api.js';

export const ApiContext = createContext<StationApi | null>(null);

export function useApi(): StationApi {
  const api = useContext(ApiContext);
  if (api === null) throw new TypeError('ApiContext has no client: wrap the page in ApiContext.Provider');
  return api;
}
