import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StarterTarget } from './apply-starter.js';

/**
 * A folder as target. Writes are held back until `flush`: a new folder appears as a whole, and a file of an old one is replaced as a
 * whole, so that nothing is ever half-written.
 */
export function createFolderTarget(folder: string): StarterTarget & { flush(): void } {
  const place = resolve(folder);
  const pending = new Map<string, Buffer>();
  return {
    children: (path) => (existsSync(join(place, path)) ? readdirSync(join(place, path)) : []),
    read: (path) => pending.get(path) ?? (existsSync(join(place, path)) ? readFileSync(join(place, path)) : undefined),
    write: (path, bytes) => void pending.set(path, bytes),
    flush: () => {
      if (pending.size === 0) return;
      if (existsSync(place) && readdirSync(place).length > 0) {
        for (const [path, bytes] of pending) replaceFile(join(place, path), bytes);
        return;
      }
      mkdirSync(dirname(place), { recursive: true });
      const beside = mkdtempSync(`${place}.new-`);
      try {
        for (const [path, bytes] of pending) replaceFile(join(beside, path), bytes);
        chmodSync(beside, 0o777 & ~process.umask()); // as any other folder: other users of a device run what is in it
        rmSync(place, { recursive: true, force: true }); // empty, or not there
        renameSync(beside, place);
      } finally {
        rmSync(beside, { recursive: true, force: true });
      }
    },
  };
}

function replaceFile(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.new`;
  writeFileSync(beside, bytes);
  renameSync(beside, file);
}
