import type { IncomingMessage } from 'node:http';
import { DeviceError } from '@edge-blueprints/contracts';

/**
 * The body of an HTTP message within a bound. With a stated length each chunk goes straight to its place.
 * @param tooLong the error for a body beyond `maxBytes`; the caller closes the connection
 */
export function collectBytes(
  message: IncomingMessage,
  stated: number | undefined,
  maxBytes: number,
  tooLong: () => Error,
): Promise<Uint8Array> {
  if (stated !== undefined && stated > maxBytes) return Promise.reject(tooLong());
  const whole = stated === undefined ? undefined : new Uint8Array(stated);
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    message.on('data', (chunk: Buffer) => {
      if (length + chunk.length > maxBytes) return void reject(tooLong());
      if (whole === undefined) chunks.push(chunk);
      else whole.set(chunk, length);
      length += chunk.length;
    });
    message.on('end', () => resolve(whole ?? Buffer.concat(chunks, length)));
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(brokenOff());
    });
  });
}

const brokenOff = () =>
  new DeviceError('infer.unreachable', 'The connection was closed within a body.', { retry: 'safe' });
