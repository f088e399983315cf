import { EdgeError, UsageError, ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import type { ApiReply, ApiRoute } from './api-route.js';
import type { DashboardConfig } from './dashboard-config.js';
import type { OperatorSessions } from './operator-sessions.js';
import { isKnownHost, isOwnOrigin } from './request-origin.js';
import { securityHeaders } from './security-headers.js';
import type { StaticFile } from './static-files.js';

const cookieName = 'edge_operator';
const signInSchema = z.strictObject({ pin: z.string().min(1).max(64) });
const notBuilt =
  'The web page is not built yet. Run "npm start", which builds it, or "npx vite build" in its folder.\n';

/** The HTTP side: headers, origin checks, sign-in, the given routes, the built page. */
export function createWebApp(parts: {
  readonly config: DashboardConfig;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly sessions: OperatorSessions;
  readonly routes: readonly ApiRoute[];
  readonly logger: Logger;
}): Express {
  const { config, sessions } = parts;
  const headers = securityHeaders({ inlineStyles: config.inlineStyles });
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((request, response, next) => {
    response.set(headers);
    if (!isKnownHost(request.headers.host, config)) {
      refuse(
        response,
        421,
        'dashboard.host-unknown',
        `This page is not served under the name ${request.headers.host ?? '(none)'}`,
      );
    } else next();
  });
  app.use('/api', (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (request.method === 'GET' || isOwnOrigin(originOf(request))) next();
    else refuse(response, 403, 'dashboard.origin-refused', 'This act did not come from the page itself');
  });
  app.use('/api', express.json({ limit: '16kb' }));

  app.get('/api/session', (request, response) => {
    response.json({ signedIn: sessions.isSignedIn(tokenOf(request)) });
  });
  app.post('/api/sign-in', (request, response) => signIn(request, response, sessions));
  app.post('/api/sign-out', (request, response) => {
    sessions.signOut(tokenOf(request));
    response
      .set('Set-Cookie', `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`)
      .json({ signedIn: false });
  });
  for (const route of parts.routes) {
    app[route.method](route.path, async (request: Request, response: Response) => {
      if (route.operator && !sessions.isSignedIn(tokenOf(request))) {
        refuse(response, 401, 'dashboard.sign-in-needed', 'Sign in with the operator PIN to do this');
        return;
      }
      send(response, await route.handle({ params: textParams(request), query: request.query, body: request.body }));
    });
  }
  app.use('/api', (request, response) =>
    refuse(response, 404, 'dashboard.route-unknown', `There is no ${request.method} /api${request.path}`),
  );
  app.use((request, response) => serveFile(request, response, parts.files));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else answerError(error, response, parts.logger);
  });
  return app;
}

function signIn(request: Request, response: Response, sessions: OperatorSessions): void {
  const parsed = signInSchema.safeParse(request.body);
  if (!parsed.success) {
    refuse(response, 400, 'dashboard.body-invalid', 'Expected a JSON body {"pin": "..."}');
    return;
  }
  const outcome = sessions.signIn(parsed.data.pin, request.socket.remoteAddress ?? 'unknown');
  if (outcome.kind === 'limited') {
    const seconds = Math.max(1, Math.ceil(outcome.retryAfterMs / 1000));
    response.set('Retry-After', String(seconds));
    refuse(response, 429, 'dashboard.sign-in-limited', `Too many wrong PINs; try again in ${seconds} s`);
  } else if (outcome.kind === 'wrong-pin') {
    refuse(response, 401, 'dashboard.pin-wrong', 'This is not the operator PIN');
  } else {
    response
      .set('Set-Cookie', `${cookieName}=${outcome.token}; Path=/; HttpOnly; SameSite=Strict`)
      .json({ signedIn: true });
  }
}

function send(response: Response, reply: ApiReply): void {
  if (reply.kind === 'json') response.status(reply.status ?? 200).json(reply.value);
  else if (reply.kind === 'problem') refuse(response, reply.status, reply.code, reply.message);
  else {
    if (reply.immutable) response.set('Cache-Control', 'private, max-age=31536000, immutable');
    response.set('Content-Type', reply.mime).end(reply.bytes);
  }
}

function serveFile(request: Request, response: Response, files: ReadonlyMap<string, StaticFile>): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'dashboard.method-refused', `${request.method} is not served here`);
    return;
  }
  const file = files.get(request.path === '/' ? '/index.html' : request.path);
  if (file === undefined) {
    const missing = files.size === 0;
    response
      .status(missing ? 503 : 404)
      .type('text/plain')
      .send(missing ? notBuilt : 'Not found\n');
    return;
  }
  response.set({
    'Content-Type': file.mime,
    ETag: file.etag,
    Vary: 'Accept-Encoding',
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.headers['if-none-match'] === file.etag) response.status(304).end();
  else if (file.gzipped !== undefined && request.acceptsEncodings('gzip') === 'gzip') {
    response.set('Content-Encoding', 'gzip').end(request.method === 'HEAD' ? undefined : file.gzipped);
  } else response.end(request.method === 'HEAD' ? undefined : file.plain);
}

function answerError(error: unknown, response: Response, logger: Logger): void {
  const status = statusOf(error);
  if (error instanceof EdgeError) {
    refuse(
      response,
      error instanceof UsageError || error instanceof ConfigError ? 400 : 503,
      error.code,
      error.message,
    );
  } else if (status === 413) refuse(response, 413, 'dashboard.body-too-large', 'The request body is larger than 16 kB');
  else if (status !== undefined && status >= 400 && status < 500) {
    refuse(response, 400, 'dashboard.body-invalid', `The request cannot be read: ${errorMessage(error)}`);
  } else {
    logger.error('dashboard.unexpected', { message: errorMessage(error) });
    refuse(response, 500, 'dashboard.unexpected', 'The station could not answer; its log says why');
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

function refuse(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ code, message });
}

function originOf(request: Request) {
  const fetchSite = request.headers['sec-fetch-site'];
  return {
    host: request.headers.host,
    origin: request.headers.origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  };
}

function tokenOf(request: Request): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName && value !== undefined) return value;
  }
  return undefined;
}

function textParams(request: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.params).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
