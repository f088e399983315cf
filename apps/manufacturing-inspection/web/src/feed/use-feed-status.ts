import { useMemo } from 'react';
import { connectionAt, useNow } from '@edge-blueprints/web-kit';
import { alarmsOf } from '../line/alarms.js';
import { useFeedState } from './feed-context.js';
import type { FeedStatus } from './feed-status.js';

/** The station pushes four times a second; eight missed pushes are a fact, twenty an outage. */
const silence = { staleAfterMs: 2_000, lostAfterMs: 5_000 };

export function useFeedStatus(): FeedStatus {
  const feed = useFeedState();
  const now = useNow();
  const connection = connectionAt(feed, now, silence);
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
