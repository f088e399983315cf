import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { ConfigError, DeviceError, errorMessage } from '@edge-blueprints/contracts';

export interface AtomicWriteOptions {
  /** 0o600 for whatever must not be read by others. */
  readonly mode: number;
  /** False refuses to touch a file that is there. */
  readonly replace: boolean;
  /** False skips the wait for the disk, for thousands of files that one command can make again. */
  readonly sync: boolean;
}

/** The file is there whole or not at all. @throws ConfigError `identity.exists` @throws DeviceError `identity.disk` */
export function writeFileAtomic(path: string, content: string, options: AtomicWriteOptions): void {
  if (!options.replace && existsSync(path))
    throw new ConfigError('identity.exists', `${path} exists already and is not overwritten; move it away first`);
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = openSync(temporary, 'wx', options.mode);
    try {
      writeSync(file, content);
      if (options.sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new DeviceError('identity.disk', `Cannot write ${path}: ${errorMessage(cause)}`, { cause, retry: 'safe' });
  }
}
