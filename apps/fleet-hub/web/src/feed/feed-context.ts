import { connectionAt, useAtNow } from '@edge-blueprints/web-kit';
import type { Connection } from '@edge-blueprints/web-kit';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FeedState, HubFeed } from './hub-feed.js';

export const FeedContext = createContext<HubFeed | null>(null);

export function useFeed(): HubFeed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new TypeError('FeedContext has no feed: wrap the page in FeedContext.Provider');
  return feed;
}

/** A part of what is known; renders again only when this part changes, since most of a large fleet changes each second. */
export function useFeedPart<T>(select: (state: FeedState) => T): T {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, () => select(feed.state()));
}

/** The hub pushes once a second and is asked after four; what is older than two asks is stale. */
const silence = { staleAfterMs: 8_000, lostAfterMs: 15_000 };

export function useConnection(): Connection {
  const feed = useFeed();
  return useAtNow((nowMs) => connectionAt(feed.state(), nowMs, silence));
}
