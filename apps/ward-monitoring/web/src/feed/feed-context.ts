import type { AlarmSnapshot, BedView } from '@edge-blueprints/contracts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { WardFeed, WardState } from './ward-feed.js';

export const FeedContext = createContext<WardFeed | null>(null);

/** A part of what is known; renders again only when this part changes. */
export function useFeedPart<T>(select: (state: WardState) => T): T {
  const feed = useContext(FeedContext);
  if (feed === null) throw new TypeError('FeedContext has no feed: wrap the page in FeedContext.Provider');
  return useSyncExternalStore(feed.subscribe, () => select(feed.state()));
}

export const useAlarms = (): readonly AlarmSnapshot[] => useFeedPart(({ alarms }) => alarms);
export const useBed = (bed: string): BedView | undefined =>
  useFeedPart(({ view }) => view?.beds.find((each) => each.bed === bed));
