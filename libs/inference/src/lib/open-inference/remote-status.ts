import { DeviceError } from '@edge-blueprints/contracts';
import type { HttpReply } from './http-exchange.js';
import { errorSchema } from './message-schema.js';

/** The error that an HTTP status other than 200 means to the caller of an engine. */
export function statusError({ status, body }: HttpReply, what: string): DeviceError {
  const said = `${what} answered ${status}: ${messageOf(body)}`;
  switch (status) {
    case 401:
    case 403:
      return new DeviceError('infer.unauthorised', `${said}. Give the server's token.`);
    case 404:
      return new DeviceError(
        'infer.model-mismatch',
        `${said}. Configure the model name and version that the server has.`,
      );
    case 429:
    case 503:
      return new DeviceError('infer.overloaded', said, { retry: 'safe' });
    case 408:
    case 504:
      return new DeviceError('infer.deadline', said, { retry: 'safe' });
    default:
      return status >= 500
        ? new DeviceError('infer.failed', said, { retry: 'safe' })
        : new DeviceError('infer.protocol', said);
  }
}

function messageOf(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 2000)).toString('utf8');
  try {
    return errorSchema.parse(JSON.parse(text)).error.slice(0, 300);
  } catch {
    return text.slice(0, 100) || 'no message';
  }
}
