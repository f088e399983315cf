import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, DeviceError } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import { Server as SocketServer } from 'socket.io';
import type { ApiRoute } from './api-route.js';
import { createWebApp } from './web-app.js';
import { isLoopback } from './dashboard-config.js';
import type { DashboardConfig } from './dashboard-config.js';
import { createOperatorSessions } from './operator-sessions.js';
import { isKnownHost, isOwnOrigin } from './request-origin.js';
import { readStaticFiles } from './static-files.js';

export interface DashboardDeps {
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** An unguessable token per sign-in. */
  readonly newToken: () => string;
}

export interface DashboardOptions {
  readonly config: DashboardConfig;
  /** Folder of the built page; when it is absent the server answers with a sentence that says how to build it. */
  readonly staticFolder: string;
  readonly routes: readonly ApiRoute[];
  readonly operatorPin: string;
  /** False where the PIN was drawn at random because none was configured. */
  readonly pinConfigured: boolean;
}

export interface DashboardServer {
  readonly host: string;
  readonly port: number;
  /** Pages that are connected now. */
  viewers(): number;
  /** To all pages; a page that cannot keep up misses messages instead of queueing them. New pages get the last one. */
  publish(event: string, ...payload: readonly unknown[]): void;
  close(): Promise<void>;
}

const maxViewers = 64;

/**
 * Serves one page, its API and its live events.
 * @throws ConfigError `dashboard.pin-needed` when other machines can reach the page and no PIN is configured
 * @throws DeviceError `dashboard.port-in-use`, `dashboard.listen-failed`
 */
export async function createDashboardServer(options: DashboardOptions, deps: DashboardDeps): Promise<DashboardServer> {
  const { config } = options;
  if (!isLoopback(config.host) && !options.pinConfigured) {
    throw new ConfigError(
      'dashboard.pin-needed',
      `The page on ${config.host} can be reached from other machines but no operator PIN is configured; set EDGE_OPERATOR_PIN`,
    );
  }
  const sessions = createOperatorSessions({ pin: options.operatorPin, nowMs: deps.nowMs, newToken: deps.newToken });
  const files = await readStaticFiles(options.staticFolder);
  const http = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, maxHeaderSize: 16_384 },
    createWebApp({
      config,
      files,
      sessions,
      routes: options.routes,
      logger: deps.logger,
    }),
  );
  http.maxConnections = 256;

  const sockets = new SocketServer(http, {
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 16_384,
    allowRequest: (request, decide) => {
      const { host, origin } = request.headers;
      const known = isKnownHost(host, config) && isOwnOrigin({ host, origin, fetchSite: undefined });
      decide(known ? null : 'dashboard.origin-refused', known && sockets.engine.clientsCount < maxViewers);
    },
  });
  const lastByEvent = new Map<string, readonly unknown[]>();
  sockets.on('connection', (socket) => {
    for (const [event, payload] of lastByEvent) socket.emit(event, ...payload);
  });

  await listen(http, config);
  const address = http.address();
  return {
    host: config.host,
    port: isAddressInfo(address) ? address.port : config.port,
    viewers: () => sockets.engine.clientsCount,
    publish: (event, ...payload) => {
      lastByEvent.set(event, payload);
      sockets.volatile.emit(event, ...payload);
    },
    close: async () => {
      const closed = sockets.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function listen(http: ReturnType<typeof createServer>, config: DashboardConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${config.host}:${config.port}`;
      reject(
        error.code === 'EADDRINUSE'
          ? new DeviceError(
              'dashboard.port-in-use',
              `Port ${config.port} on ${config.host} is taken by another program; stop it or set dashboard.port to a free port`,
              { cause: error, context: { where } },
            )
          : new DeviceError('dashboard.listen-failed', `Cannot serve the page at ${where}: ${error.message}`, {
              cause: error,
            }),
      );
    });
    http.listen(config.port, config.host, resolve);
  });
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
