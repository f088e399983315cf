import { createContext, useContext, useSyncExternalStore } from 'react';
import type { StationView } from '@edge-blueprints/contracts';
import type { FeedState, LiveFrame, StationFeed } from './station-feed.js';

export const FeedContext = createContext<StationFeed | null>(null);

function useFeed(): StationFeed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new TypeError('FeedContext has no feed: wrap the page in FeedContext.Provider');
  return feed;
}

export function useFeedState(): FeedState {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, feed.state);
}

export function useView(): StationView | null {
  return useFeedState().view;
}

export function useLiveFrame(): LiveFrame | null {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribeFrames, feed.frame);
}
