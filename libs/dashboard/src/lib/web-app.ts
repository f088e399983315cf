import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from '@edge-blueprints/contracts';
import express from 'express';
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { covers } from './access.js';
import type { Access, AccessSession } from './access.js';
import { answerError, refuse, refuseUntil, sendReply } from './api-reply.js';
import type { ApiRoute } from './api-route.js';
import type { DashboardConfig } from './dashboard-config.js';
import { servePageFile } from './page-files.js';
import { isKnownHost, isOwnOrigin } from './request-origin.js';
import type { RequestRate } from './request-rate.js';
import { securityHeaders } from './security-headers.js';
import type { SessionCookie } from './session-cookie.js';
import type { StaticFile } from './static-files.js';

const defaultBodyBytes = 16_384;

export interface WebAppParts {
  readonly config: DashboardConfig;
  readonly secure: boolean;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly access: Access;
  readonly cookie: SessionCookie;
  readonly rate: RequestRate;
  readonly routes: readonly ApiRoute[];
  readonly logger: Logger;
}

/** The HTTP side: headers, origin checks, sign-in, the given routes, the built page. */
export function createWebApp(parts: WebAppParts): Express {
  const { config, access, cookie } = parts;
  const sessionOf = (request: Request) => access.session(cookie.tokenOf(request.headers.cookie));
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((request, response, next) => {
    const { host } = request.headers;
    response.set(securityHeaders({ inlineStyles: config.inlineStyles, secure: parts.secure, host }));
    if (isKnownHost(host, config)) next();
    else refuse(response, 421, 'dashboard.host-unknown', `This page is not served under the name ${host ?? '(none)'}`);
  });
  app.use('/api', (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (isReading(request) || isOwnOrigin(originOf(request))) next();
    else refuse(response, 403, 'dashboard.origin-refused', 'This act did not come from the page itself');
  });
  app.use('/api', (request, response, next) => {
    // A session is counted by its token, so that colleagues behind one address do not use up each other's rate.
    const token = cookie.tokenOf(request.headers.cookie);
    const key = token !== undefined && access.session(token) !== undefined ? `session ${token}` : peerOf(request);
    const waitMs = parts.rate.take(key);
    if (waitMs === 0) next();
    else refuseUntil(response, 'dashboard.rate-limited', 'Too many requests', waitMs);
  });

  app.get('/api/session', (request, response) => {
    response.json(access.describe(sessionOf(request), parts.secure));
  });
  app.post(
    ['/api/sign-in', '/api/session'],
    express.json({ limit: 4_096 }),
    async (request: Request, response: Response) => signIn(request, response, parts),
  );
  const signOut = (request: Request, response: Response): void => {
    const session = sessionOf(request);
    if (session !== undefined && !carriesToken(request, session)) refuseToken(response);
    else {
      access.signOut(cookie.tokenOf(request.headers.cookie));
      response.set('Set-Cookie', cookie.clear()).json(access.describe(undefined, parts.secure));
    }
  };
  app.post('/api/sign-out', signOut);
  app.delete('/api/session', signOut);
  for (const route of parts.routes) {
    // The body is read only after the sender may do this at all.
    app[route.method](
      route.path,
      guard(route, sessionOf),
      express.json({ limit: route.maxBodyBytes ?? defaultBodyBytes }),
      async (request: Request, response: Response) => {
        const { query, body } = request;
        const user = sessionOf(request)?.user ?? null;
        const bearer = /^Bearer (\S{1,512})$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
        const params = textParams(request);
        await sendReply(response, await route.handle({ params, query, body, user, peer: peerOf(request), bearer }));
      },
    );
  }
  app.use('/api', (request, response) =>
    refuse(response, 404, 'dashboard.route-unknown', `There is no ${request.method} /api${request.path}`),
  );
  app.use((request, response) => servePageFile(request, response, parts.files));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else answerError(error, response, parts.logger);
  });
  return app;
}

function guard(route: ApiRoute, sessionOf: (request: Request) => AccessSession | undefined): RequestHandler {
  return (request, response, next) => {
    const session = sessionOf(request);
    if (route.access !== 'public' && session === undefined)
      refuse(response, 401, 'dashboard.sign-in-needed', 'Sign in to do this');
    else if (!covers(session?.user.role, route.access)) {
      const has = session?.user.role ?? 'nobody';
      refuse(response, 403, 'dashboard.role-needed', `This needs the role ${route.access}; you are ${has}`);
    } else if (session !== undefined && !isReading(request) && !carriesToken(request, session)) refuseToken(response);
    else next();
  };
}

async function signIn(request: Request, response: Response, parts: WebAppParts): Promise<void> {
  const { access, cookie } = parts;
  const reply = await access.signIn(request.body, peerOf(request));
  if (reply.kind === 'invalid') refuse(response, 400, 'dashboard.body-invalid', reply.message);
  else if (reply.kind === 'limited') refuseUntil(response, reply.code, reply.message, reply.retryAfterMs);
  else if (reply.kind === 'refused') refuse(response, 401, reply.code, reply.message);
  else {
    // The session before is over: a token that somebody planted must not become a signed-in one.
    access.signOut(cookie.tokenOf(request.headers.cookie));
    response
      .set('Set-Cookie', cookie.set(reply.token))
      .json(access.describe(access.session(reply.token), parts.secure));
  }
}

function carriesToken(request: Request, session: AccessSession): boolean {
  if (session.csrfToken === null) return true;
  const sent = request.headers['x-csrf-token'];
  return typeof sent === 'string' && timingSafeEqual(digest(sent), digest(session.csrfToken));
}

function refuseToken(response: Response): void {
  refuse(response, 403, 'dashboard.csrf-refused', 'The header x-csrf-token is missing or old; reload the page');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

function isReading(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function peerOf(request: Request): string {
  return request.socket.remoteAddress ?? 'unknown';
}

function originOf(request: Request) {
  const fetchSite = request.headers['sec-fetch-site'];
  return {
    host: request.headers.host,
    origin: request.headers.origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  };
}

function textParams(request: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.params).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
