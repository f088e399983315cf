import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/** One command at a time changes the folder. @throws ConfigError `identity.locked` */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, '.lock');
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (cause) {
    throw new ConfigError(
      'identity.locked',
      `${path} exists: another command is at work on this folder; when none is, delete that file`,
      { cause },
    );
  }
  try {
    writeSync(handle, `${process.pid}\n`);
    closeSync(handle);
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
