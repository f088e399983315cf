// A nurse station without a page: hears over socket.io what a browser would, and confirms it at once.
import { stationChannels, type StationEvent, type WardView } from '@edge-blueprints/contracts';
import { io } from 'socket.io-client';

export interface Heard extends StationEvent {
  /** performance.now() of this process. */
  readonly heardMs: number;
}

export interface WardStation {
  readonly events: readonly Heard[];
  /** Numbers that came more than once. */
  readonly again: readonly number[];
  view(): WardView | undefined;
  close(): void;
}

/** @param since last number that is known; what followed it is asked for */
export async function openStation(origin: string, since?: number): Promise<WardStation> {
  const events: Heard[] = [];
  const again: number[] = [];
  const known = new Set<number>();
  let view: WardView | undefined;
  const socket = io(origin, { transports: ['websocket'], forceNew: true, extraHeaders: { origin } });
  socket.on(stationChannels.view, (next: WardView) => (view = next));
  socket.on(stationChannels.event, (event: StationEvent) => {
    if (known.has(event.offset)) again.push(event.offset);
    else events.push({ ...event, heardMs: performance.now() });
    known.add(event.offset);
    socket.emit(stationChannels.painted, event.offset);
  });
  const beat = setInterval(() => socket.emit(stationChannels.beat), 1_000);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no station connection in 20 s')), 20_000);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  if (since !== undefined) socket.emit(stationChannels.since, since);
  return {
    events,
    again,
    view: () => view,
    close() {
      clearInterval(beat);
      socket.close();
    },
  };
}
