import { DeviceError, errorMessage } from '@edge-blueprints/contracts';

export function newerFile(file: string, version: number): DeviceError {
  return new DeviceError(
    'outbox.version',
    `The outbox ${file} was written by a newer program (version ${version}); update this one or give it another file.`,
  );
}

/** @param cause what SQLite or the operating system said */
export function diskError(file: string, cause: unknown): DeviceError {
  return new DeviceError(
    'outbox.disk',
    `The outbox ${file} could not be used: ${errorMessage(cause)}; what was not confirmed is not stored. Check space, rights and health of the disk.`,
    { retry: 'safe', cause },
  );
}
