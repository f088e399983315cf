import type { AlertView, DeviceRowView, FleetSummaryView, LabelAccuracyView } from '@edge-blueprints/contracts';
import { createDeviceRows } from './device-rows.js';

export interface FeedState {
  readonly fleet: FleetSummaryView | null;
  readonly devices: readonly DeviceRowView[];
  /** False until the list of devices has come once. */
  readonly devicesKnown: boolean;
  /** Open alerts, newest first, bounded. */
  readonly alerts: readonly AlertView[];
  /** The newest accuracy that was pushed, null before the first push. */
  readonly accuracy: LabelAccuracyView | null;
  readonly receivedAtMs: number | null;
  readonly socketConnected: boolean;
  readonly startedAtMs: number;
}

/** What the feed needs of a socket; main.tsx passes socket.io, the specs pass a list of calls. */
export interface FeedSocket {
  on(event: 'connect' | 'disconnect', listener: () => void): void;
  on(event: 'fleet', listener: (fleet: FleetSummaryView) => void): void;
  on(event: 'devices', listener: (rows: readonly DeviceRowView[]) => void): void;
  on(event: 'alert', listener: (alert: AlertView) => void): void;
  on(event: 'labels', listener: (labels: { readonly accuracy: LabelAccuracyView }) => void): void;
  connect(): void;
  disconnect(): void;
}

export interface HubReads {
  fleet(): Promise<FleetSummaryView>;
  devices(): Promise<{ readonly rows: readonly DeviceRowView[] }>;
  alerts(state: 'open' | 'all', limit: number): Promise<readonly AlertView[]>;
}

export interface FeedClock {
  nowMs(): number;
  /** @returns what stops it */
  every(periodMs: number, act: () => void): () => void;
}

export interface HubFeed {
  state(): FeedState;
  subscribe(listener: () => void): () => void;
  start(): void;
  stop(): void;
}

const mostAlerts = 500;
/** Rows are shown four times a second at most, however often they change. */
export const flushEveryMs = 250;
/** Without a push for this long the page asks by itself: a quiet fleet is not a dead hub. */
export const askAfterMs = 4_000;
const checkEveryMs = 2_000;

export function createHubFeed(socket: FeedSocket, reads: HubReads, clock: FeedClock): HubFeed {
  const rows = createDeviceRows();
  const empty = (): FeedState => ({
    fleet: null,
    devices: [],
    devicesKnown: false,
    alerts: [],
    accuracy: null,
    receivedAtMs: null,
    socketConnected: false,
    startedAtMs: clock.nowMs(),
  });
  let state = empty();
  let pending: DeviceRowView[] = [];
  let run = 0;
  let stops: readonly (() => void)[] = [];
  const listeners = new Set<() => void>();
  const set = (change: Partial<FeedState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const takeFleet = (fleet: FleetSummaryView): void => set({ fleet, receivedAtMs: clock.nowMs() });
  const askFleet = (): void => {
    const asked = run;
    reads.fleet().then((fleet) => asked === run && takeFleet(fleet), ignore);
  };
  /** Lists are read again after each connect: what changed while nobody listened was not pushed. */
  const readLists = (): void => {
    const asked = run;
    reads.devices().then((page) => {
      if (asked !== run) return;
      rows.replace(page.rows);
      rows.merge(pending.splice(0));
      set({ devices: rows.rows(), devicesKnown: true });
    }, ignore);
    reads
      .alerts('open', mostAlerts)
      .then((alerts) => asked === run && set({ alerts: [...alerts].sort(newestFirst) }), ignore);
  };
  const flush = (): void => {
    if (!state.devicesKnown || pending.length === 0) return;
    rows.merge(pending.splice(0));
    set({ devices: rows.rows() });
  };

  socket.on('connect', () => {
    set({ socketConnected: true });
    readLists();
  });
  socket.on('disconnect', () => set({ socketConnected: false }));
  socket.on('fleet', takeFleet);
  socket.on('devices', (changed) => {
    pending.push(...changed);
    // Pushed faster than shown, or before the list came: only the last word on each device matters.
    if (pending.length > 20_000) pending = pending.slice(-10_000);
  });
  socket.on('alert', (alert) => set({ alerts: withAlert(state.alerts, alert) }));
  socket.on('labels', ({ accuracy }) => set({ accuracy }));

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      run += 1;
      state = empty();
      pending = [];
      rows.replace([]);
      stops = [
        clock.every(flushEveryMs, flush),
        clock.every(checkEveryMs, () => {
          if (clock.nowMs() - (state.receivedAtMs ?? 0) >= askAfterMs) askFleet();
          if (!state.devicesKnown) readLists();
        }),
      ];
      askFleet();
      readLists();
      socket.connect();
    },
    stop: () => {
      run += 1;
      for (const stop of stops) stop();
      stops = [];
      socket.disconnect();
      rows.replace([]);
      pending = [];
      set(empty());
    },
  };
}

/** Cleared alerts leave the list of open ones; changed ones keep their place. */
export function withAlert(alerts: readonly AlertView[], alert: AlertView): readonly AlertView[] {
  const rest = alerts.filter((each) => each.id !== alert.id);
  if (alert.clearedAt !== null) return rest;
  return [...rest, alert].sort(newestFirst).slice(0, mostAlerts);
}

function newestFirst(a: AlertView, b: AlertView): number {
  return a.raisedAt < b.raisedAt ? 1 : a.raisedAt > b.raisedAt ? -1 : b.id - a.id;
}

/** A failed read shows as age: the connection state tells the story. */
function ignore(): void {
  return undefined;
}
