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
  /** Served in turn, one socket of each address, so that one address cannot keep the others waiting. */
  const lines = new Map<string, Map<Socket, () => void>>();
  const pending = new Map<Socket, string>();
  const perAddress = new Map<string, number>();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const count = (address: string, change: number): void => {
    const value = (perAddress.get(address) ?? 0) + change;
    if (value > 0) perAddress.set(address, value);
    else perAddress.delete(address);
  };
  const leaveLine = (address: string, socket: Socket): void => {
    const line = lines.get(address);
    if (line?.delete(socket) !== true) return;
    waiting -= 1;
    if (line.size === 0) lines.delete(address);
  };
  const settled = (socket: Socket): void => {
    const address = pending.get(socket);
    if (address === undefined) return;
    pending.delete(socket);
    count(address, -1);
    serve();
  };
  /** @returns whether a socket of this address was begun */
  const serveOne = (address: string, line: Map<Socket, () => void>): boolean => {
    if ((perAddress.get(address) ?? 0) >= limits.pendingPerAddress) return false;
    for (const [socket, begin] of line) {
      if (!bucket.tryTake(1, clock.monotonicMs())) {
        timer ??= setTimeout(() => {
          timer = undefined;
          serve();
        }, 20).unref();
        return false;
      }
      leaveLine(address, socket);
      // To the end: next time the others come first.
      if (lines.delete(address) && line.size > 0) lines.set(address, line);
      pending.set(socket, address);
      count(address, 1);
      begin();
      return true;
    }
    return false;
  };
  const serve = (): void => {
    for (let begun = true; begun;) {
      begun = false;
      for (const [address, line] of [...lines]) {
        if (pending.size >= limits.pending) return;
        begun = serveOne(address, line) || begun;
      }
    }
  };

  /** Takes the place from the address with the longest line, so that one that hoards connections shuts out only itself. */
  const makeRoom = (forAddress: string): boolean => {
    let longest = '';
    for (const [address, line] of lines) if (line.size > (lines.get(longest)?.size ?? 0)) longest = address;
    const line = [...(lines.get(longest)?.keys() ?? [])];
    const last = line.at(-1);
    if (last === undefined || line.length <= (lines.get(forAddress)?.size ?? 0) + 1) return false;
    leaveLine(longest, last);
    options.refuse(last, 'connection-limit', `${line.length} connections of ${longest} wait`);
    return true;
  };

  return {
    admit(socket, begin) {
      const address = socket.remoteAddress ?? '';
      const all = options.sessions() + pending.size + waiting;
      if ((all >= limits.connections || waiting >= limits.waiting) && !makeRoom(address)) {
        options.refuse(socket, 'connection-limit', `${all} connections`);
        return;
      }
      const line = lines.get(address) ?? new Map<Socket, () => void>();
      lines.set(address, line.set(socket, begin));
      waiting += 1;
      socket.once('close', () => {
        leaveLine(address, socket);
        settled(socket);
      });
      serve();
    },
    settled,
    pending: () => pending.size,
    waiting: () => waiting,
    close: () => clearTimeout(timer),
  };
}
