import type { Socket } from 'node:net';
import type { Clock } from '@edge-blueprints/contracts';
import type { BrokerLimits } from './broker-limits.js';
import type { RefusalReason } from './broker-port.js';
import { createTokenBucket } from './token-bucket.js';

/**
 * Decides when an accepted socket may begin its handshake. After a power cut the whole fleet comes at once: a handshake
 * costs a millisecond of a core, so the line is worked off at a steady rate instead of letting all of them time out.
 */
export interface ConnectionGate {
  /** `begin` is called now or later, unless the socket is refused or goes away. */
  admit(socket: Socket, begin: () => void): void;
  /** The connection has said CONNECT, or is gone: its place is free. Safe to call twice. */
  settled(socket: Socket): void;
  pending(): number;
  waiting(): number;
  close(): void;
}

export function createConnectionGate(options: {
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly sessions: () => number;
  readonly refuse: (socket: Socket, reason: RefusalReason, detail: string) => void;
}): ConnectionGate {
  const { limits, clock } = options;
  const bucket = createTokenBucket(limits.connectsPerSecond, limits.connectsBurst);
  const line = new Map<Socket, () => void>();
  const pending = new Map<Socket, string>();
  const perAddress = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const count = (address: string, change: number): void => {
    const value = (perAddress.get(address) ?? 0) + change;
    if (value > 0) perAddress.set(address, value);
    else perAddress.delete(address);
  };
  const settled = (socket: Socket): void => {
    line.delete(socket);
    const address = pending.get(socket);
    if (address === undefined) return;
    pending.delete(socket);
    count(address, -1);
    serve();
  };
  const serve = (): void => {
    for (const [socket, begin] of line) {
      if (pending.size >= limits.pending) return;
      if (!bucket.tryTake(1, clock.monotonicMs())) {
        timer ??= setTimeout(() => {
          timer = undefined;
          serve();
        }, 20).unref();
        return;
      }
      line.delete(socket);
      const address = socket.remoteAddress ?? '';
      if ((perAddress.get(address) ?? 0) >= limits.pendingPerAddress) {
        options.refuse(socket, 'address-limit', `${limits.pendingPerAddress} unfinished connections of one address`);
        continue;
      }
      pending.set(socket, address);
      count(address, 1);
      begin();
    }
  };

  return {
    admit(socket, begin) {
      const all = options.sessions() + pending.size + line.size;
      if (all >= limits.connections || line.size >= limits.waiting) {
        options.refuse(socket, 'connection-limit', `${all} connections`);
        return;
      }
      line.set(socket, begin);
      socket.once('close', () => settled(socket));
      serve();
    },
    settled,
    pending: () => pending.size,
    waiting: () => line.size,
    close: () => clearTimeout(timer),
  };
}
