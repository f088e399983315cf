import { DeviceError, type Random } from '@edge-blueprints/contracts';
import type { MqttHandlers, MqttLink, MqttLinkStats } from '../mqtt-port.js';
import { createReconnectPause } from '../reconnect-pause.js';
import type { VirtualTime } from './virtual-time.js';

/** `blackhole`: nothing arrives and nobody says so, until the keepalive notices. */
export type Way = 'up' | 'cut' | 'blackhole';

export interface VirtualBroker {
  /** A device's link, with the pauses of the real one. */
  connect(name: string, random: Random): (handlers: MqttHandlers) => MqttLink;
  setWay(name: string, way: Way): void;
  /** Down: every connection ends, new ones are refused. It forgets all sessions. */
  setUp(up: boolean): void;
  /** To one device, lost when it is not connected: the broker keeps no session. */
  send(name: string, topic: string, payload: Uint8Array): void;
  /** The retained message of each topic. */
  readonly retained: ReadonlyMap<string, string>;
  readonly connected: () => number;
  readonly connects: () => number;
}

interface VirtualLink {
  way: Way;
  state: MqttLinkStats['state'];
  generation: number;
  sinceMs: number;
  handlers: MqttHandlers;
  end(reason: string): void;
}

const keepaliveMs = 45_000;
const answerTimeoutMs = 30_000;

/** A broker and the network to it, in virtual time. What it takes it acknowledges; what becomes of it is the receiver's matter. */
export function createVirtualBroker(options: {
  readonly time: VirtualTime;
  readonly latencyMs: number;
  /** What the ingest gets. */
  readonly receive: (from: string, topic: string, payload: Uint8Array) => void;
}): VirtualBroker {
  const { time, latencyMs, receive } = options;
  const { clock, schedule } = time;
  const links = new Map<string, VirtualLink>();
  const ways = new Map<string, Way>();
  const retained = new Map<string, string>();
  let up = true;
  let connects = 0;
  let connected = 0;
  const offline = (): DeviceError => new DeviceError('mqtt.offline', 'no connection', { retry: 'safe' });

  const connect = (name: string, random: Random, handlers: MqttHandlers): MqttLink => {
    const pause = createReconnectPause(random);
    const pending = new Set<(error: DeviceError) => void>();
    let cancel: () => void = () => undefined;
    const link: VirtualLink = {
      way: ways.get(name) ?? 'up',
      state: 'connecting',
      generation: 0,
      sinceMs: 0,
      handlers,
      end(reason) {
        if (link.state !== 'connected') return;
        connected -= 1;
        link.generation += 1;
        pause.lived(clock.monotonicMs() - link.sinceMs);
        wait();
        for (const reject of pending) reject(offline());
        pending.clear();
        handlers.onDisconnect(reason);
      },
    };
    const wait = (): void => {
      link.state = 'waiting';
      cancel = schedule(pause.next(), attempt);
    };
    const attempt = (): void => {
      if (link.state === 'closed') return;
      link.state = 'connecting';
      cancel = schedule(2 * latencyMs, () => {
        if (!up || link.way !== 'up') return wait();
        link.state = 'connected';
        link.sinceMs = clock.monotonicMs();
        connects += 1;
        connected += 1;
        handlers.onConnect();
      });
    };
    /** Answers after a round trip, unless the connection ends or goes dead before. */
    const roundTrip = (arrive: () => void): Promise<void> => {
      if (link.state !== 'connected') return Promise.reject(offline());
      const { generation } = link;
      const alive = (): boolean => link.generation === generation && link.state === 'connected' && link.way === 'up';
      return new Promise((resolve, reject) => {
        pending.add(reject);
        const never = (): void => {
          const late = new DeviceError('mqtt.timeout', 'no answer of the broker', { retry: 'ambiguous' });
          if (pending.has(reject)) schedule(answerTimeoutMs, () => pending.delete(reject) && reject(late));
        };
        schedule(latencyMs, () => {
          if (!alive()) return never();
          arrive();
          schedule(latencyMs, () => {
            if (!alive()) never();
            else if (pending.delete(reject)) resolve();
          });
        });
      });
    };
    links.set(name, link);
    attempt();
    return {
      publish: (topic, payload, { retain }) =>
        roundTrip(() => {
          if (retain) retained.set(topic, Buffer.from(payload).toString());
          else receive(name, topic, payload);
        }),
      subscribe: () => roundTrip(() => undefined),
      connected: () => link.state === 'connected',
      nudge() {
        if (link.state !== 'waiting') return;
        cancel();
        attempt();
      },
      stats: () => ({ state: link.state, protocol: 4, connects: link.generation, lastError: null, nextTryMs: null }),
      async close() {
        if (link.state === 'connected') connected -= 1;
        link.state = 'closed';
        link.generation += 1;
        cancel();
        for (const reject of pending) reject(offline());
        pending.clear();
      },
    };
  };
  const setWay = (name: string, way: Way): void => {
    ways.set(name, way);
    const link = links.get(name);
    if (!link) return;
    link.way = way;
    if (way === 'cut') link.end('reset');
    const { generation } = link;
    if (way === 'blackhole')
      schedule(keepaliveMs, () => {
        if (link.way === 'blackhole' && link.generation === generation) link.end('keepalive timeout');
      });
  };
  return {
    connect: (name, random) => (handlers) => connect(name, random, handlers),
    setWay,
    setUp(next) {
      up = next;
      if (!up) for (const link of links.values()) link.end('the broker is gone');
    },
    send(name, topic, payload) {
      const link = links.get(name);
      if (link?.state !== 'connected') return;
      const { generation } = link;
      schedule(latencyMs, () => {
        if (link.state === 'connected' && link.generation === generation && link.way === 'up')
          void Promise.resolve(link.handlers.onMessage(topic, payload, false));
      });
    },
    retained,
    connected: () => connected,
    connects: () => connects,
  };
}
