import { once } from 'node:events';
import { ConfigError, EdgeError, UsageError, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import type { Response } from 'express';
import type { ApiReply } from './api-route.js';

/** Every refusal has the same two fields. */
export function refuse(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ code, message });
}

/** Refuses for a while, and says for how long. */
export function refuseUntil(response: Response, code: string, message: string, waitMs: number): void {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  response.set('Retry-After', String(seconds));
  refuse(response, 429, code, `${message}; try again in ${seconds} s`);
}

export async function sendReply(response: Response, reply: ApiReply): Promise<void> {
  if (reply.kind === 'json') response.status(reply.status ?? 200).json(reply.value);
  else if (reply.kind === 'problem') refuse(response, reply.status, reply.code, reply.message);
  else if (reply.kind === 'text') await stream(response, reply);
  else {
    if (reply.immutable) response.set('Cache-Control', 'private, max-age=31536000, immutable');
    response.set('Content-Type', reply.mime).end(reply.bytes);
  }
}

async function stream(response: Response, reply: Extract<ApiReply, { readonly kind: 'text' }>): Promise<void> {
  response.set('Content-Type', reply.mime);
  if (reply.fileName !== undefined) response.attachment(reply.fileName).set('Content-Type', reply.mime);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for await (const chunk of reply.chunks) {
    if (gone.signal.aborted) return;
    // A reader that stopped reading holds the next chunk back instead of filling memory.
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  response.end();
}

/** Any thrown value as an answer; faults of our own go to the log and not to the page. */
export function answerError(error: unknown, response: Response, logger: Logger): void {
  const status = statusOf(error);
  if (error instanceof EdgeError) {
    refuse(
      response,
      error instanceof UsageError || error instanceof ConfigError ? 400 : 503,
      error.code,
      error.message,
    );
  } else if (status === 413)
    refuse(response, 413, 'dashboard.body-too-large', 'The request body is larger than this endpoint takes');
  else if (status !== undefined && status >= 400 && status < 500) {
    refuse(response, 400, 'dashboard.body-invalid', `The request cannot be read: ${errorMessage(error)}`);
  } else {
    logger.error('dashboard.unexpected', { message: errorMessage(error) });
    refuse(response, 500, 'dashboard.unexpected', 'The server could not answer; its log says why');
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}
