import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { StoreView } from '@edge-blueprints/contracts';
import { connectionAt, useNow } from '@edge-blueprints/web-kit';
import type { Connection, ViewFeed } from '@edge-blueprints/web-kit';
import { alarmsOf } from './alarms.js';
import type { Alarm } from './alarms.js';

export interface StoreStatus {
  readonly connection: Connection;
  readonly view: StoreView | null;
  readonly receivedAtMs: number | null;
  readonly alarms: readonly Alarm[];
}

const StatusContext = createContext<StoreStatus>({
  connection: 'connecting',
  view: null,
  receivedAtMs: null,
  alarms: [],
});

export function useStatus(): StoreStatus {
  return useContext(StatusContext);
}

/** The node pushes four times a second; eight missed pushes are a fact, twenty an outage. */
const silence = { staleAfterMs: 2_000, lostAfterMs: 5_000 };

interface Props {
  readonly feed: ViewFeed<StoreView>;
  readonly children: ReactNode;
}

export function StoreStatusProvider({ feed, children }: Props): ReactNode {
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  const connection = connectionAt(state, useNow(), silence);
  const status = useMemo(
    () => ({
      connection,
      view: state.view,
      receivedAtMs: state.receivedAtMs,
      alarms: alarmsOf(state.view, connection),
    }),
    [connection, state],
  );
  return <StatusContext.Provider value={status}>{children}</StatusContext.Provider>;
}
