/** Serves a built page with an invented application behind it, so that the page can be worked on alone. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';

/** The policy of the real servers: what it forbids must show here first. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const mime: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function problem(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, { code, message }, status);
}

/** The fields of a JSON body; none for what is no object. */
export async function body(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
  return parsed !== null && typeof parsed === 'object' ? { ...parsed } : {};
}

export interface FixtureServerOptions {
  readonly port: number;
  /** The built page. */
  readonly dist: string;
  /** Everything below `/api/` and `/dev/`. */
  readonly api: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  /** Told with the address when it listens. */
  readonly greeting: (url: string) => string;
}

/** On the loopback until it is interrupted. */
export function serveFixture({ port, dist, api, greeting }: FixtureServerOptions): Server {
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const done = /^\/(api|dev)\//.test(url.pathname) ? api(request, response, url) : page(response, dist, url.pathname);
    done.catch((error: unknown) => problem(response, 500, 'dev.failed', String(error)));
  });
  const sockets = new Server(http, { serveClient: false });
  http.listen(port, '127.0.0.1', () => process.stderr.write(`${greeting(`http://127.0.0.1:${port}`)}\n`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  return sockets;
}

async function page(response: ServerResponse, dist: string, path: string): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  const bytes = await readFile(join(dist, file)).catch(() => null);
  if (bytes === null) return problem(response, 404, 'page.not-found', `There is no ${file}`);
  response
    .writeHead(200, {
      'content-type': mime[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    .end(bytes);
}
