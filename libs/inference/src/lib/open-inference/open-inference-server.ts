import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  ConfigError,
  errorCode,
  silentLogger,
  systemClock,
  type Clock,
  type InferenceEngine,
  type Logger,
} from '@edge-blueprints/contracts';
import { headerLengthField } from './binary-body.js';
import { decodeInferRequest } from './infer-message.js';
import { readBody } from './request-body.js';
import { serverConfig, type OpenInferenceServerConfigInput, type ServedModel } from './server-config.js';
import { HttpRefusal, sendBody, sendError, sendJson } from './server-reply.js';
import { answerInfer, modelMetadata, routeOf, serverMetadata, type Route } from './server-routes.js';

export interface OpenInferenceServerDeps {
  readonly model: ServedModel;
  /** Bearer token; needed for an address beyond loopback. */
  readonly token?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface OpenInferenceServerStats {
  readonly inFlight: number;
  readonly answered: number;
  /** Refused or failed requests by HTTP status. */
  readonly refused: Readonly<Record<number, number>>;
}

export interface OpenInferenceServer {
  /** @throws ConfigError `infer.port-in-use` */
  listen(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  stats(): OpenInferenceServerStats;
  /** Idempotent; lets requests under way finish within `graceMs`, then cuts them off. Does not dispose the engine. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Offers a loaded engine over the Open Inference Protocol (KServe V2, HTTP, binary tensors), so that a station and its fog
 * node can be two processes. Loopback by default; no TLS of its own: put a TLS proxy before it on a network.
 * @throws ConfigError `config.invalid`, `infer.server-open`
 */
export function createOpenInferenceServer(
  engine: InferenceEngine,
  config: OpenInferenceServerConfigInput,
  deps: OpenInferenceServerDeps,
): OpenInferenceServer {
  const { model: served, token, clock = systemClock, logger = silentLogger } = deps;
  const settings = serverConfig(config, token);
  const refused: Record<number, number> = {};
  let inFlight = 0;
  let answered = 0;

  const infer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (inFlight >= settings.maxInFlight) {
      throw new HttpRefusal(429, `${settings.maxInFlight} requests are under way, which is the bound`, {
        'retry-after': '1',
      });
    }
    inFlight += 1;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const arrivedMs = clock.monotonicMs();
      const body = await readBody(request, settings.maxBodyBytes);
      const length = request.headers[headerLengthField];
      const message = decodeInferRequest(body, typeof length === 'string' ? length : undefined);
      const timeoutMs = Math.min(message.timeoutMs ?? settings.requestTimeoutMs, settings.requestTimeoutMs);
      const reply = await answerInfer(engine, served, message, {
        deadlineMs: arrivedMs + timeoutMs,
        signal: gone.signal,
      });
      sendBody(response, 200, reply);
    } finally {
      inFlight -= 1;
    }
  };

  const answer = async (route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const wanted = route.kind === 'infer' ? 'POST' : 'GET';
    if (request.method !== wanted) throw new HttpRefusal(405, `use ${wanted}`, { allow: wanted });
    if ('model' in route && (route.model !== served.name || (route.version ?? served.version) !== served.version)) {
      throw new HttpRefusal(
        404,
        `no model "${route.model}"${route.version === undefined ? '' : ` version ${route.version}`}; this server has ${served.name} ${served.version}`,
      );
    }
    switch (route.kind) {
      case 'infer':
        return infer(request, response);
      case 'live':
        return sendJson(response, 200, { live: true });
      case 'ready':
      case 'model-ready':
        if (!isReady(engine))
          throw new HttpRefusal(503, `the engine is ${engine.health().state}`, { 'retry-after': '1' });
        return sendJson(response, 200, { name: served.name, ready: true });
      case 'server':
        return sendJson(response, 200, serverMetadata);
      case 'model':
        return sendJson(response, 200, modelMetadata(served));
      default:
        return route satisfies never;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const route = routeOf(path);
      const open = route?.kind === 'live' || route?.kind === 'ready';
      if (!open && token !== undefined && !carriesToken(request, token)) {
        throw new HttpRefusal(401, 'a bearer token is needed', { 'www-authenticate': 'Bearer' });
      }
      if (route === undefined) throw new HttpRefusal(404, `no such path: ${path.slice(0, 100)}`);
      await answer(route, request, response);
      answered += 1;
    } catch (error) {
      refuse(request, response, error);
    }
  };

  const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    if (response.destroyed || response.headersSent) return;
    sendError(response, error);
    refused[response.statusCode] = (refused[response.statusCode] ?? 0) + 1;
    logger.warn('infer.server.refused', {
      status: response.statusCode,
      code: errorCode(error),
      peer: request.socket.remoteAddress,
    });
    request.resume(); // what is still arriving is thrown away, so that the client gets to read the answer
  };

  const server = createServer(
    {
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: Math.min(5000, settings.requestTimeoutMs),
      keepAliveTimeout: 60_000,
    },
    (request, response) => void handle(request, response),
  );
  server.maxConnections = settings.maxConnections;
  server.maxHeadersCount = 64;

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error) => reject(listenError(error, settings.host, settings.port)));
        server.listen(settings.port, settings.host, () => {
          const address = server.address();
          const port = typeof address === 'object' && address !== null ? address.port : settings.port;
          const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
          resolve({ host: settings.host, port, url: `http://${host}:${port}` });
        });
      }),
    stats: () => ({ inFlight, answered, refused: { ...refused } }),
    close: async (graceMs = 2000) => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      await closed;
      clearTimeout(timer);
      clearInterval(idle);
    },
  };
}

function isReady(engine: InferenceEngine): boolean {
  const { state } = engine.health();
  return state === 'ready' || state === 'degraded';
}

/** Compares digests, so that neither content nor length of the token can be learned from the time it takes. */
function carriesToken(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function listenError(error: Error, host: string, port: number): ConfigError {
  const code = 'code' in error ? String(error.code) : '';
  const why =
    code === 'EADDRINUSE'
      ? 'is in use; choose another port or stop the other program'
      : `cannot be opened: ${error.message}`;
  return new ConfigError('infer.port-in-use', `Port ${port} on ${host} ${why}.`, { cause: error });
}
