import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { ConfigError } from '@edge-blueprints/contracts';

export interface Listening {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  /** Ends all connections and refuses new ones; `open` takes the same port again. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/**
 * A TCP server on the loopback that can be taken away and come back on its port.
 * @throws ConfigError `rig.port-in-use`
 */
export async function listen(
  purpose: string,
  port: number,
  onConnection: (socket: Socket) => void,
  onChange: () => void,
): Promise<Listening> {
  const sockets = new Set<Socket>();
  let taken = port;
  let server: Server | undefined;
  const open = async (): Promise<void> => {
    if (server) return;
    const next = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        onChange();
      });
      onConnection(socket);
      onChange();
    });
    server = next;
    await new Promise<void>((resolve, reject) => {
      next.once('error', (error) => {
        server = undefined;
        reject(
          new ConfigError(
            'rig.port-in-use',
            `The ${purpose} cannot listen on port ${taken}: ${error.message}. Choose another port, or 0.`,
            {
              cause: error,
            },
          ),
        );
      });
      next.listen(taken, '127.0.0.1', resolve);
    });
    const address = next.address();
    if (typeof address === 'object' && address) taken = address.port;
  };
  await open();
  return {
    get port() {
      return taken;
    },
    sockets,
    open,
    shut: () =>
      new Promise((resolve) => {
        const closing = server;
        server = undefined;
        for (const socket of sockets) socket.destroy();
        if (closing) closing.close(() => resolve());
        else resolve();
      }),
  };
}
