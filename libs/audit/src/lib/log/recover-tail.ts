import type { AuditEntry } from '@edge-blueprints/contracts';
import { DeviceError } from '@edge-blueprints/contracts';
import { tileWidth } from './merkle-tree.js';
import type { PublishedLog } from './published-log.js';
import type { FoundWal } from './write-ahead-log.js';

/**
 * Brings entries of the write-ahead files into the tree that no checkpoint covers yet.
 * @returns how many, and the newest entry of the log
 * @throws DeviceError `audit.damaged` where entries between the two are gone, or the two disagree
 */
export async function recoverTail(
  log: PublishedLog,
  found: FoundWal,
): Promise<{ readonly count: number; readonly last: AuditEntry | undefined }> {
  const start = log.size();
  const width = start % tileWidth;
  const bundle =
    start === 0 ? [] : await log.tiles.readBundle(Math.floor((start - 1) / tileWidth), width === 0 ? tileWidth : width);
  const bundleStart = Math.floor(Math.max(0, start - 1) / tileWidth) * tileWidth;
  let last = bundle[start - bundleStart - 1];
  for (const { seq, bytes } of found.records) {
    if (seq > log.size())
      throw new DeviceError(
        'audit.damaged',
        `Entries ${log.size()} to ${seq - 1} are neither in ${log.folder} nor in the write-ahead files. Keep the folder, name a new one.`,
      );
    if (seq < log.size()) {
      const published = seq < bundleStart ? undefined : bundle[seq - bundleStart];
      if (seq >= start || (published !== undefined && !published.equals(bytes)))
        throw new DeviceError(
          'audit.damaged',
          `Entry ${seq} in ${log.folder} is not what was written. Run the verifier.`,
        );
      continue;
    }
    log.append(bytes);
    last = bytes;
  }
  const count = log.size() - start;
  return { count, last: last === undefined ? undefined : JSON.parse(last.toString('utf8')) };
}
