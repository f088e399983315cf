import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, DeviceError } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import type { Access, RouteAccess } from './access.js';
import type { ApiRoute } from './api-route.js';
import { createWebApp } from './web-app.js';
import { isLoopback } from './dashboard-config.js';
import type { DashboardConfig } from './dashboard-config.js';
import { defaultHttpLimits } from './http-limits.js';
import type { HttpLimits } from './http-limits.js';
import { createLiveChannel } from './live-channel.js';
import type { LiveInbound } from './live-inbound.js';
import { openHttp } from './open-http.js';
import { createRequestRate } from './request-rate.js';
import { createSessionCookie } from './session-cookie.js';
import { readStaticFiles } from './static-files.js';

export interface DashboardDeps {
  readonly logger: Logger;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
}

export interface DashboardOptions {
  readonly config: DashboardConfig;
  /** Folder of the built page; when it is absent the server answers with a sentence that says how to build it. */
  readonly staticFolder: string;
  readonly routes: readonly ApiRoute[];
  readonly access: Access;
  /** Who may listen to live events. */
  readonly liveAccess: RouteAccess;
  /** What pages may say; nothing unless given. */
  readonly inbound?: LiveInbound;
  /** Whether other machines may reach the page without TLS. */
  readonly plainRemote: 'allowed' | 'refused';
  /** Where they differ from `defaultHttpLimits`. */
  readonly limits?: Partial<HttpLimits>;
}

export interface DashboardServer {
  readonly host: string;
  readonly port: number;
  /** True when the page is served by HTTPS. */
  readonly secure: boolean;
  /** Pages that are connected now. */
  viewers(): number;
  /** State. To all pages; a page that cannot keep up misses messages instead of queueing them. New pages get the last one. */
  publish(event: string, ...payload: readonly unknown[]): void;
  /** Something that happened. To all pages that are there, in order, once; a page that falls 64 behind is cut off. */
  notify(event: string, ...payload: readonly unknown[]): void;
  close(): Promise<void>;
}

const maxRateKeys = 1_024;
const sessionCheckMs = 5_000;

/**
 * Serves one page, its API and its live events.
 * @throws ConfigError `dashboard.pin-needed` when other machines can reach the page and its secret is not a configured one;
 *   `dashboard.tls-needed` when they can and the page must not be plain; `dashboard.tls-invalid`
 * @throws DeviceError `dashboard.port-in-use`, `dashboard.listen-failed`
 */
export async function createDashboardServer(options: DashboardOptions, deps: DashboardDeps): Promise<DashboardServer> {
  const { config, access } = options;
  const secure = config.tls !== undefined;
  checkReach(options);
  const files = await readStaticFiles(options.staticFolder);
  const cookie = createSessionCookie(access.cookieName, secure);
  const rate = createRequestRate({ ...config.apiRate, maxKeys: maxRateKeys, nowMs: deps.nowMs });
  const { routes } = options;
  const app = createWebApp({ config, secure, files, access, cookie, rate, routes, logger: deps.logger });
  const limits = { ...defaultHttpLimits, ...options.limits };
  const { http, stopWatching } = openHttp(config, app, limits, deps.logger);
  const live = createLiveChannel(http, {
    ...{ config, access, cookie, needs: options.liveAccess, sessionCheckMs },
    inbound: options.inbound,
    nowMs: deps.nowMs,
  });

  await listen(http, config).catch((error: unknown) => {
    stopWatching();
    throw error;
  });
  const address = http.address();
  return {
    host: config.host,
    port: isAddressInfo(address) ? address.port : config.port,
    secure,
    viewers: live.viewers,
    publish: live.publish,
    notify: live.notify,
    close: async () => {
      stopWatching();
      await live.close();
    },
  };
}

function checkReach({ config, access, plainRemote }: DashboardOptions): void {
  if (isLoopback(config.host)) return;
  if (!access.fitForRemote) {
    throw new ConfigError(
      'dashboard.pin-needed',
      `The page on ${config.host} can be reached from other machines but no secret of its own is configured; set EDGE_OPERATOR_PIN (station) or EDGE_HUB_ADMIN_PASSWORD (hub)`,
    );
  }
  if (config.tls === undefined && plainRemote === 'refused') {
    throw new ConfigError(
      'dashboard.tls-needed',
      `The page on ${config.host} can be reached from other machines without TLS; set dashboard.tls.certFile and keyFile, or use 127.0.0.1`,
    );
  }
}

function listen(http: Server, config: DashboardConfig): Promise<void> {
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
