import { DeviceError } from '@edge-blueprints/contracts';

/** The other side sent something that the protocol does not allow. */
export function protocolError(message: string, cause?: unknown): DeviceError {
  return new DeviceError('infer.protocol', message, { cause });
}
