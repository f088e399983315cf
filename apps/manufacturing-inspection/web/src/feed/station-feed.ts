import type { LivePart, StationView } from '@edge-blueprints/contracts';
import { createViewFeed } from '@edge-blueprints/web-kit';
import type { ViewFeed, ViewFeedState, ViewSocket } from '@edge-blueprints/web-kit';

export type FeedState = ViewFeedState<StationView>;

export interface LiveFrame {
  readonly part: LivePart;
  readonly bytes: ArrayBuffer;
}

/** What the feed needs of a socket; main.tsx passes socket.io, the specs pass a list of calls. */
export interface FeedSocket extends ViewSocket<StationView> {
  on(event: 'connect' | 'disconnect', listener: () => void): void;
  on(event: 'view', listener: (view: StationView) => void): void;
  on(event: 'part', listener: (part: LivePart, bytes: ArrayBuffer) => void): void;
}

export interface StationFeed extends ViewFeed<StationView> {
  /** The newest picture, kept so that a view that opens later starts with it. Older pictures are not queued. */
  frame(): LiveFrame | null;
  subscribeFrames(listener: () => void): () => void;
}

export function createStationFeed(socket: FeedSocket, nowMs: () => number): StationFeed {
  let frame: LiveFrame | null = null;
  const frameListeners = new Set<() => void>();
  socket.on('part', (part, bytes) => {
    frame = { part, bytes };
    for (const listener of frameListeners) listener();
  });
  return {
    ...createViewFeed<StationView>(socket, nowMs),
    frame: () => frame,
    subscribeFrames: (listener) => {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
  };
}
