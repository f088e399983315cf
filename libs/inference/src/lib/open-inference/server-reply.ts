import type { ServerResponse } from 'node:http';
import { EdgeError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import { bodyHeaders, encodeBody, type EncodedBody } from './binary-body.js';

/** A refusal with its HTTP status, thrown inside the server only. */
export class HttpRefusal extends EdgeError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super('infer.refused', message);
    this.status = status;
    this.headers = headers;
  }
}

export function sendBody(
  response: ServerResponse,
  status: number,
  body: EncodedBody,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...bodyHeaders(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  for (const part of body.parts) response.write(part);
  response.end();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendBody(response, status, encodeBody(json, []), headers);
}

/** The protocol's error object; an error that nobody foresaw is not described to the other side. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof HttpRefusal)
    return sendJson(response, error.status, { error: error.message, code: error.code }, error.headers);
  const code = errorCode(error);
  const status = statusOf(code);
  const message = status === 500 && code === 'unexpected' ? 'internal error' : errorMessage(error);
  sendJson(response, status, { error: message, code }, status === 429 || status === 503 ? { 'retry-after': '1' } : {});
}

/** HTTP status for the codes of an engine. */
export function statusOf(code: string): number {
  switch (code) {
    case 'infer.protocol':
    case 'infer.input-mismatch':
      return 400;
    case 'infer.overloaded':
      return 429;
    case 'infer.not-loaded':
    case 'infer.disposed':
    case 'infer.unreachable':
    case 'infer.aborted':
      return 503;
    case 'infer.deadline':
      return 504;
    default:
      return 500;
  }
}
