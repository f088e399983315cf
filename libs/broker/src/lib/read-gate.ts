import type { Readable } from 'node:stream';
import type { PacketGuard } from './packet-guard.js';

/** Stands between a socket and the parser of aedes. */
export interface ReadGate {
  /** A publish has begun to be worked on. */
  begin(bytes: number): void;
  /** It has been handed to every subscriber. */
  end(bytes: number): void;
}

/**
 * aedes reads with `read(null)` and asks for more on each 'readable', also while earlier publishes of that socket still
 * wait for a slow subscriber. So the gate answers "nothing there" until enough of them are done; then TCP holds the
 * sender back, and memory stays flat. Each chunk passes the guard before the parser may keep it.
 */
export function createReadGate(
  socket: Readable,
  guard: PacketGuard,
  options: {
    readonly inFlight: number;
    readonly inFlightBytes: number;
    readonly onProblem: (problem: string) => void;
  },
): ReadGate {
  const read = socket.read.bind(socket);
  let messages = 0;
  let bytesNow = 0;
  let held = false;
  const full = (): boolean => messages >= options.inFlight || bytesNow >= options.inFlightBytes;
  socket.read = (size?: number): unknown => {
    // `read(0)` is how the stream itself asks its source for more.
    if (size !== 0 && full()) {
      held = true;
      return null;
    }
    const chunk: unknown = read(size);
    const problem = chunk instanceof Uint8Array ? guard.check(chunk) : null;
    if (problem === null) return chunk;
    options.onProblem(problem);
    return null;
  };
  return {
    begin(bytes) {
      messages += 1;
      bytesNow += bytes;
    },
    end(bytes) {
      messages -= 1;
      bytesNow -= bytes;
      if (!held || full()) return;
      held = false;
      socket.emit('readable');
    },
  };
}
