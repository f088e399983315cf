import type { LivePart, StationView } from '@edge-blueprints/contracts';

export interface FeedState {
  readonly view: StationView | null;
  readonly receivedAtMs: number | null;
  readonly socketConnected: boolean;
  readonly startedAtMs: number;
}

export interface LiveFrame {
  readonly part: LivePart;
  readonly bytes: ArrayBuffer;
}

/** What the feed needs of a socket; main.tsx passes socket.io, the specs pass a list of calls. */
export interface FeedSocket {
  on(event: 'connect' | 'disconnect', listener: () => void): void;
  on(event: 'view', listener: (view: StationView) => void): void;
  on(event: 'part', listener: (part: LivePart, bytes: ArrayBuffer) => void): void;
  close(): void;
}

export interface StationFeed {
  state(): FeedState;
  subscribe(listener: () => void): () => void;
  /** The newest picture, kept so that a view that opens later starts with it. Older pictures are not queued. */
  frame(): LiveFrame | null;
  subscribeFrames(listener: () => void): () => void;
  /** A view fetched over HTTP, for the first paint; ignored once the socket has delivered. */
  offer(view: StationView): void;
  close(): void;
}

export function createStationFeed(socket: FeedSocket, nowMs: () => number): StationFeed {
  let state: FeedState = { view: null, receivedAtMs: null, socketConnected: false, startedAtMs: nowMs() };
  let frame: LiveFrame | null = null;
  const listeners = new Set<() => void>();
  const frameListeners = new Set<() => void>();
  const set = (change: Partial<FeedState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  socket.on('connect', () => set({ socketConnected: true }));
  socket.on('disconnect', () => set({ socketConnected: false }));
  socket.on('view', (view) => set({ view, receivedAtMs: nowMs() }));
  socket.on('part', (part, bytes) => {
    frame = { part, bytes };
    for (const listener of frameListeners) listener();
  });
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    subscribeFrames: (listener) => {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    offer: (view) => {
      if (state.view === null) set({ view, receivedAtMs: nowMs() });
    },
    close: () => socket.close(),
  };
}
