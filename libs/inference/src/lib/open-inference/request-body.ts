import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './server-reply.js';

/**
 * Reads a request body within a bound.
 * @throws HttpRefusal 411, 413, 415
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new HttpRefusal(415, `content-encoding ${encoding} is not supported`);
  const stated = request.headers['content-length'];
  if (stated === undefined) throw new HttpRefusal(411, 'content-length is missing');
  const length = Number(stated);
  if (length > maxBytes)
    throw new HttpRefusal(413, `the body has ${stated} bytes, at most ${maxBytes} are accepted`, {
      connection: 'close',
    });
  const body = new Uint8Array(length);
  let at = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new HttpRefusal(400, 'the body is not a stream of bytes');
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
