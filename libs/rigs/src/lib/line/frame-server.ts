import { encodeFrameHeader } from '@edge-blueprints/cameras';
import type { FrameOutlet } from './frame-outlet.js';
import type { Listening } from './listening.js';
import { listen } from './listening.js';

/** A client that has this much unread is behind by several pictures; the next one is dropped for it. */
const maxUnreadBytes = 4 * 1024 * 1024;

/** The camera's side of the frame socket. */
export async function createFrameServer(port: number, onChange: () => void): Promise<FrameOutlet> {
  let sent = 0;
  let dropped = 0;
  const listening: Listening = await listen('frame socket', port, (socket) => socket.resume(), onChange);
  return {
    get port() {
      return listening.port;
    },
    get clients() {
      return listening.sockets.size;
    },
    get sent() {
      return sent;
    },
    get dropped() {
      return dropped;
    },
    send(header, pixels, sentBytes = pixels.length) {
      const head = encodeFrameHeader(header, sentBytes);
      const body = sentBytes === pixels.length ? pixels : pixels.subarray(0, sentBytes);
      for (const socket of listening.sockets) {
        if (socket.writableLength > maxUnreadBytes) {
          dropped += 1;
          continue;
        }
        socket.cork();
        socket.write(head);
        socket.write(body);
        socket.uncork();
        sent += 1;
      }
    },
    setPresent: (present) => (present ? listening.open() : listening.shut()),
    close: () => listening.shut(),
  };
}
