export interface ViewFeedState<V> {
  readonly view: V | null;
  readonly receivedAtMs: number | null;
  readonly socketConnected: boolean;
  readonly startedAtMs: number;
}

/** What a feed of snapshots needs of a socket; a page passes socket.io, a spec passes a list of calls. */
export interface ViewSocket<V> {
  on(event: 'connect' | 'disconnect', listener: () => void): void;
  on(event: 'view', listener: (view: V) => void): void;
  close(): void;
}

export interface ViewFeed<V> {
  state(): ViewFeedState<V>;
  subscribe(listener: () => void): () => void;
  /** A view fetched over HTTP, for the first paint; ignored once the socket has delivered. */
  offer(view: V): void;
  close(): void;
}

/** Whole snapshots of a server, the newest only, stamped with the clock of this browser. */
export function createViewFeed<V>(socket: ViewSocket<V>, nowMs: () => number): ViewFeed<V> {
  let state: ViewFeedState<V> = { view: null, receivedAtMs: null, socketConnected: false, startedAtMs: nowMs() };
  const listeners = new Set<() => void>();
  const set = (change: Partial<ViewFeedState<V>>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  socket.on('connect', () => set({ socketConnected: true }));
  socket.on('disconnect', () => set({ socketConnected: false }));
  socket.on('view', (view) => set({ view, receivedAtMs: nowMs() }));
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offer: (view) => {
      if (state.view === null) set({ view, receivedAtMs: nowMs() });
    },
    close: () => socket.close(),
  };
}
