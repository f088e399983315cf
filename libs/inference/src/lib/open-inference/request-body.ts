import type { IncomingMessage } from 'node:http';
import { collectBytes } from './collect-bytes.js';
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
  const tooLong = () =>
    new HttpRefusal(413, `the body has ${stated} bytes, at most ${maxBytes} are accepted`, { connection: 'close' });
  return collectBytes(request, Number(stated), maxBytes, tooLong);
}
