import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Logger } from '@edge-blueprints/contracts';
import type { Express } from 'express';
import type { DashboardConfig } from './dashboard-config.js';
import type { HttpLimits } from './http-limits.js';
import { readTlsFiles, watchTlsFiles } from './tls-files.js';
import type { TlsFiles } from './tls-files.js';

const tlsCheckMs = 2_000;

export interface OpenHttp {
  readonly http: Server;
  readonly stopWatching: () => void;
}

/** The HTTP or HTTPS server of an app, bounded, not yet listening. */
export function openHttp(config: DashboardConfig, app: Express, limits: HttpLimits, logger: Logger): OpenHttp {
  const opened = config.tls === undefined ? openPlain(app, limits) : openTls(config.tls, app, limits, logger);
  opened.http.maxConnections = limits.maxConnections;
  opened.http.timeout = limits.idleTimeoutMs;
  return opened;
}

function openPlain(app: Express, limits: HttpLimits): OpenHttp {
  return { http: createServer(optionsOf(limits), app), stopWatching: () => undefined };
}

function openTls(files: TlsFiles, app: Express, limits: HttpLimits, logger: Logger): OpenHttp {
  const options = {
    ...optionsOf(limits),
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.headersTimeoutMs,
    ...readTlsFiles(files),
  } as const;
  const http = createTlsServer(options, app);
  const renew = (material: { readonly cert: string; readonly key: string }) => http.setSecureContext(material);
  return { http, stopWatching: watchTlsFiles(files, tlsCheckMs, renew, logger) };
}

function optionsOf(limits: HttpLimits) {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    // Node looks every 30 s by itself, whatever the timeouts are.
    connectionsCheckingInterval: limits.checkEveryMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}
