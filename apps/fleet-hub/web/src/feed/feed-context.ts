import { connectionAt, useNow } from '@edge-blueprints/web-kit';
import type { Connection } from '@edge-blueprints/web-kit';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FeedState, HubFeed } from './hub-feed.js';

export const FeedContext = createContext<HubFeed | null>(null);

export function useFeed(): HubFeed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new TypeError('FeedContext has no feed: wrap the page in FeedContext.Provider');
  return feed;
}

export function useFeedState(): FeedState {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, feed.state);
}

/** The hub pushes once a second and is asked after four; what is older than two asks is stale. */
const silence = { staleAfterMs: 8_000, lostAfterMs: 15_000 };

export function useConnection(): Connection {
  return connectionAt(useFeedState(), useNow(), silence);
}
