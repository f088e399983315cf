import { readFileSync } from 'node:fs';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { ConfigError, DeviceError, errorMessage } from '@edge-blueprints/contracts';
import type { BrokerListenerOptions, BrokerTlsFiles } from './broker-port.js';
import type { ConnectionGate } from './connection-gate.js';

export interface BoundListener {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  reloadTls(): void;
  close(): Promise<void>;
}

export interface ListenerHandlers {
  readonly gate: ConnectionGate;
  readonly handshakeTimeoutMs: number;
  onAccept(raw: Socket): void;
  /** `raw` is the socket that the gate knows. */
  onConnection(socket: Socket | TLSSocket, raw: Socket): void;
  onHandshakeFailure(raw: Socket, detail: string): void;
}

/** @throws ConfigError `broker.plain-not-loopback`, `broker.tls` @throws DeviceError `broker.listen` */
export async function listen(options: BrokerListenerOptions, handlers: ListenerHandlers): Promise<BoundListener> {
  if (options.tls === null && !isLoopback(options.host))
    throw new ConfigError(
      'broker.plain-not-loopback',
      `A listener without TLS on ${options.host}: anyone on that network could speak as any device; bind it to 127.0.0.1, or give it tls`,
    );
  const secure = options.tls === null ? null : createSecureSide(options.tls, handlers);
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) => {
    // Until the stream's own user listens, a reset by the peer must not end the process.
    socket.on('error', () => undefined);
    handlers.onAccept(socket);
    handlers.gate.admit(socket, () => (secure === null ? handlers.onConnection(socket, socket) : secure.begin(socket)));
  });
  const port = await bind(server, options.host, options.port);
  return {
    host: options.host,
    port,
    secure: secure !== null,
    reloadTls: () => secure?.reload(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function createSecureSide(files: BrokerTlsFiles, handlers: ListenerHandlers) {
  const raws = new WeakMap<object, Socket>();
  // Never listens itself: sockets come from the gate, so that a refused one costs no handshake.
  const server = createTlsServer({
    ...readTlsFiles(files),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: handlers.handshakeTimeoutMs,
  });
  const rawOf = (socket: TLSSocket): Socket => {
    // The TLS socket of an accepted connection keeps the raw one here; it has no documented name.
    const parent: unknown = Reflect.get(socket, '_parent');
    return (typeof parent === 'object' && parent !== null ? raws.get(parent) : undefined) ?? socket;
  };
  server.on('secureConnection', (socket) => handlers.onConnection(socket, rawOf(socket)));
  server.on('tlsClientError', (error, socket) => handlers.onHandshakeFailure(rawOf(socket), errorMessage(error)));
  return {
    begin: (raw: Socket): void => {
      raws.set(raw, raw);
      server.emit('connection', raw);
    },
    reload: (): void => server.setSecureContext({ ...readTlsFiles(files), minVersion: 'TLSv1.2' }),
  };
}

function readTlsFiles(files: BrokerTlsFiles): { ca: Buffer; cert: Buffer; key: Buffer } {
  const problems: string[] = [];
  const read = (field: keyof BrokerTlsFiles): Buffer => {
    try {
      return readFileSync(files[field]);
    } catch (error) {
      problems.push(`${field} ${files[field]}: ${errorMessage(error)}`);
      return Buffer.alloc(0);
    }
  };
  const material = { ca: read('caFile'), cert: read('certFile'), key: read('keyFile') };
  if (problems.length > 0)
    throw new ConfigError('broker.tls', `The broker cannot read its TLS files: ${problems.join('; ')}`);
  return material;
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new DeviceError('broker.listen', `The broker cannot listen on ${host}:${port}: ${errorMessage(cause)}`, {
          cause,
        }),
      ),
    );
    server.listen({ host, port, backlog: 4_096 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
