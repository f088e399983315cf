import { useMemo } from 'react';
import { alarmsOf } from '../line/alarms.js';
import { useFeedState } from './feed-context.js';
import type { FeedStatus } from './feed-status.js';
import { connectionAt } from './staleness.js';
import { useNow } from './use-now.js';

export function useFeedStatus(): FeedStatus {
  const feed = useFeedState();
  const now = useNow();
  const connection = connectionAt(feed, now);
  return useMemo(
    () => ({
      connection,
      view: feed.view,
      receivedAtMs: feed.receivedAtMs,
      alarms: alarmsOf(feed.view, connection),
    }),
    [connection, feed.view, feed.receivedAtMs],
  );
}
