import type { LivePart } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../testing/view-of.js';
import { createStationFeed } from './station-feed.js';
import type { FeedSocket } from './station-feed.js';

type Listener = (...payload: never[]) => void;

function scriptedSocket(): { socket: FeedSocket; send(event: string, ...payload: readonly unknown[]): void } {
  const listeners = new Map<string, Listener>();
  return {
    socket: { on: (event: string, listener: Listener) => void listeners.set(event, listener), close: () => undefined },
    send: (event, ...payload) => Reflect.apply(listeners.get(event) ?? (() => undefined), undefined, [...payload]),
  };
}

describe('createStationFeed', () => {
  it('stamps each view with the clock of the browser and tells its listeners', () => {
    const { socket, send } = scriptedSocket();
    let now = 1_000;
    const feed = createStationFeed(socket, () => now);
    let told = 0;
    feed.subscribe(() => (told += 1));
    now = 1_250;
    send('connect');
    send('view', viewOf({}));
    expect(feed.state()).toMatchObject({ receivedAtMs: 1_250, socketConnected: true });
    expect(told).toBe(2);
    send('disconnect');
    expect(feed.state()).toMatchObject({ socketConnected: false, receivedAtMs: 1_250 });
  });

  it('takes a view over HTTP only until the socket has delivered', () => {
    const { socket, send } = scriptedSocket();
    const feed = createStationFeed(socket, () => 0);
    feed.offer(viewOf({ inspected: 1 }));
    expect(feed.state().view?.inspected).toBe(1);
    send('view', viewOf({ inspected: 2 }));
    feed.offer(viewOf({ inspected: 1 }));
    expect(feed.state().view?.inspected).toBe(2);
  });

  it('keeps the newest picture only', () => {
    const { socket, send } = scriptedSocket();
    const feed = createStationFeed(socket, () => 0);
    const part = (partId: string): LivePart => ({
      resultId: partId,
      partId,
      width: 1,
      height: 1,
      mime: 'image/png',
      verdict: 'pass',
      detections: [],
    });
    send('part', part('a'), new ArrayBuffer(1));
    send('part', part('b'), new ArrayBuffer(2));
    expect(feed.frame()?.part.partId).toBe('b');
    expect(feed.frame()?.bytes.byteLength).toBe(2);
  });
});
