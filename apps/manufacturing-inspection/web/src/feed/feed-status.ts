import { createContext, useContext } from 'react';
import type { StationView } from '@edge-blueprints/contracts';
import type { Connection } from '@edge-blueprints/web-kit';
import type { Alarm } from '../line/alarms.js';

export interface FeedStatus {
  readonly connection: Connection;
  readonly view: StationView | null;
  readonly receivedAtMs: number | null;
  readonly alarms: readonly Alarm[];
}

export const FeedStatusContext = createContext<FeedStatus>({
  connection: 'connecting',
  view: null,
  receivedAtMs: null,
  alarms: [],
});

export function useStatus(): FeedStatus {
  return useContext(FeedStatusContext);
}
