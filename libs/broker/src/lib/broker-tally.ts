import type { Socket } from 'node:net';
import { type Clock, errorMessage, type Logger } from '@edge-blueprints/contracts';
import { type BrokerEvent, type BrokerStats, type RefusalReason, refusalReasons } from './broker-port.js';
import type { ConnectionGate } from './connection-gate.js';
import { createTokenBucket } from './token-bucket.js';

/** Counts everything, tells listeners, and writes the log at a bounded rate, so that an attacker cannot fill the disk. */
export function createBrokerTally(log: Logger, clock: Clock) {
  const sockets = new Set<Socket>();
  const listeners = new Set<(event: BrokerEvent) => void>();
  const lines = createTokenBucket(10, 50);
  const refused = new Map<RefusalReason, number>();
  const sessions = { device: 0, worker: 0, peak: 0 };
  const counts = { connects: 0, subscriptionsRefused: 0, takeovers: 0, clones: 0 };
  const published = { messages: 0, bytes: 0, throttled: 0 };
  let forwardsDropped = 0;
  let unlogged = 0;

  const count = (event: BrokerEvent): void => {
    switch (event.kind) {
      case 'connected':
        counts.connects += 1;
        sessions[event.role] += 1;
        sessions.peak = Math.max(sessions.peak, sessions.device + sessions.worker);
        break;
      case 'disconnected':
        sessions[event.role] -= 1;
        break;
      case 'refused':
        refused.set(event.reason, (refused.get(event.reason) ?? 0) + 1);
        break;
      case 'subscription-refused':
        counts.subscriptionsRefused += 1;
        break;
      case 'takeover':
        counts.takeovers += 1;
        break;
      case 'cloned':
        counts.clones += 1;
        break;
      default:
        event satisfies never;
    }
  };
  const write = (event: BrokerEvent): void => {
    if (event.kind === 'connected' || event.kind === 'disconnected') return;
    // What every client with MQTT 5 does first is no news.
    if (event.kind === 'refused' && event.reason === 'version') return;
    if (!lines.tryTake(1, clock.monotonicMs())) {
      unlogged += 1;
      return;
    }
    const { kind, ...fields } = event;
    log.warn(`broker.${kind}`, unlogged === 0 ? fields : { ...fields, unlogged });
    unlogged = 0;
  };

  return {
    event(event: BrokerEvent): void {
      count(event);
      write(event);
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          log.error('broker.listener', { message: errorMessage(error) });
        }
      }
    },
    onEvent(listener: (event: BrokerEvent) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    track(socket: Socket): void {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    openSockets: (): readonly Socket[] => [...sockets],
    published(bytes: number): void {
      published.messages += 1;
      published.bytes += bytes;
    },
    throttled: (): void => void (published.throttled += 1),
    forwardDropped: (): void => void (forwardsDropped += 1),
    stats: (bound: BrokerStats['listeners'], gate: ConnectionGate): BrokerStats => ({
      listeners: bound,
      secure: bound.every((listener) => listener.secure),
      sessions: { devices: sessions.device, workers: sessions.worker, peak: sessions.peak },
      pending: gate.pending(),
      waiting: gate.waiting(),
      ...counts,
      refused: Object.fromEntries(refusalReasons.map((reason) => [reason, refused.get(reason) ?? 0])) as Record<
        RefusalReason,
        number
      >,
      published: { ...published },
      forwardsDropped,
    }),
  };
}
