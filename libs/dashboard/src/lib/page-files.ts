import type { Request, Response } from 'express';
import { refuse } from './api-reply.js';
import type { StaticFile } from './static-files.js';

const notBuilt =
  'The web page is not built yet. Run "npm start", which builds it, or "npx vite build" in its folder.\n';

/** Answers from the files that were listed at the start; a request path never touches the file system. */
export function servePageFile(request: Request, response: Response, files: ReadonlyMap<string, StaticFile>): void {
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
