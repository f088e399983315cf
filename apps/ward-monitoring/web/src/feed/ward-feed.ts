import type { AlarmSnapshot, StationEvent, WardView } from '@edge-blueprints/contracts';
import { noAlarms, openAlarms, withAlarmEvent, withAlarmView } from './current-alarms.js';
import { deliver, nothingDelivered } from './delivery.js';
import type { DeliveryInput } from './delivery.js';
import { linkAt } from './station-link.js';
import type { LinkState } from './station-link.js';

export interface WardState {
  readonly view: WardView | null;
  readonly receivedAtMs: number | null;
  readonly alarms: readonly AlarmSnapshot[];
  readonly link: LinkState;
  /** Local time of the last beat. */
  readonly beatMs: number | null;
  /** Alarm events that never came to this station. */
  readonly missed: number;
}

/** What the feed needs of a socket; main.tsx passes socket.io, a spec passes a list of calls. */
export interface StationSocket {
  on(event: 'connect', listener: () => void): void;
  on(event: 'event', listener: (event: StationEvent) => void): void;
  on(event: 'view', listener: (view: WardView) => void): void;
  on(event: 'beat', listener: () => void): void;
  emit(event: 'painted' | 'since', offset: number): void;
  emit(event: 'beat'): void;
}

export interface FeedOptions {
  readonly socket: StationSocket;
  nowMs(): number;
  every(periodMs: number, act: () => void): void;
  /** Runs `act` after what has already arrived. */
  soon(act: () => void): void;
  /** Runs `act` once what was shown before the call is on the screen. */
  afterPaint(act: () => void): void;
}

export interface WardFeed {
  state(): WardState;
  subscribe(listener: () => void): () => void;
  /** A view fetched over HTTP, for the first paint; ignored once the socket has delivered. */
  offer(view: WardView): void;
}

const tickMs = 250;
const beatEveryMs = 1_000;

/** Views, alarm events and beats of the gateway as one state; confirms each event after it was painted. */
export function createWardFeed({ socket, nowMs, every, soon, afterPaint }: FeedOptions): WardFeed {
  const startedMs = nowMs();
  let delivery = nothingDelivered;
  let current = noAlarms;
  let state: WardState = {
    view: null,
    receivedAtMs: null,
    alarms: [],
    link: 'connecting',
    beatMs: null,
    missed: 0,
  };
  const unshown: number[] = [];
  let drawing = false;
  const listeners = new Set<() => void>();
  const set = (change: Partial<WardState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const step = (input: DeliveryInput): void => {
    const next = deliver(delivery, input);
    delivery = next.delivery;
    if (next.ask !== null) socket.emit('since', next.ask);
    if (next.confirm !== null) unshown.push(next.confirm);
    if (unshown.length > 0 && !drawing) show();
    if (delivery.missed !== state.missed) set({ missed: delivery.missed });
  };
  /**
   * What arrives together, or before the last drawing is on the screen, is drawn together: in a flood each event for itself would
   * draw the whole page again.
   */
  const show = (): void => {
    drawing = true;
    soon(() => {
      const offsets = unshown.splice(0);
      set({ alarms: openAlarms(current) });
      afterPaint(() => {
        for (const offset of offsets) socket.emit('painted', offset);
        drawing = unshown.length > 0;
        if (drawing) show();
      });
    });
  };
  const takeView = (view: WardView): void => {
    // Another start of the gateway: its view holds everything, and what it numbered before cannot be asked for.
    if (state.view !== null && state.view.gateway.boot !== view.gateway.boot)
      delivery = { ...nothingDelivered, missed: delivery.missed };
    current = withAlarmView(current, view.offset, view.alarms);
    set({ view, receivedAtMs: nowMs(), alarms: openAlarms(current) });
    step({ kind: 'view', offset: view.offset, atMs: nowMs() });
  };
  const beat = (): void => set({ beatMs: nowMs(), link: 'monitored' });

  socket.on('connect', () => step({ kind: 'connected', atMs: nowMs() }));
  socket.on('view', takeView);
  socket.on('beat', beat);
  socket.on('event', (event) => {
    current = withAlarmEvent(current, event);
    step({ kind: 'event', offset: event.offset, atMs: nowMs() });
  });
  every(beatEveryMs, () => socket.emit('beat'));
  every(tickMs, () => {
    const link = linkAt({ startedMs, beatMs: state.beatMs }, nowMs());
    if (link !== state.link) set({ link });
    // A page that nobody sees draws no frames; what it sounds must not wait for one.
    if (unshown.length > 0) set({ alarms: openAlarms(current) });
    step({ kind: 'tick', atMs: nowMs() });
  });
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offer: (view) => {
      if (state.view === null) takeView(view);
    },
  };
}
