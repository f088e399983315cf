import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleProblem } from './bundle-problems.js';

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const maxEntries = 1000;

/** Everything below a folder as POSIX paths; whatever is neither file nor folder (links, sockets) is a problem. */
export async function listFolder(folder: string): Promise<{ files: string[]; problems: BundleProblem[] }> {
  const files: string[] = [];
  const problems: BundleProblem[] = [];
  const pending = [''];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) files.push(path);
      else
        problems.push({
          code: 'bundle.not-a-file',
          message: `${path} is a link or a device; a bundle holds plain files only`,
        });
    }
    if (files.length + pending.length > maxEntries) {
      problems.push({ code: 'bundle.file-unlisted', message: `more than ${maxEntries} files` });
      break;
    }
  }
  return { files: files.sort(), problems };
}

/**
 * Reads a file once, never through a link, and never more than one byte beyond `limit`: what is hashed is what is used,
 * whatever happens to the file afterwards.
 */
export async function readOnce(folder: string, path: string, limit: number): Promise<Uint8Array> {
  const handle = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const size = Math.min((await handle.stat()).size, limit + 1);
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, size - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await handle.close();
  }
}

/** Length first, then digest: a short file is called truncated, not tampered. */
export function checkFile(
  path: string,
  bytes: Uint8Array,
  entry: { readonly sha256: string; readonly bytes: number },
): BundleProblem | null {
  if (bytes.length < entry.bytes) {
    return { code: 'bundle.truncated', message: `${path} has ${bytes.length} of ${entry.bytes} bytes` };
  }
  if (bytes.length > entry.bytes) {
    return { code: 'bundle.too-large', message: `${path} has more than its ${entry.bytes} bytes` };
  }
  const got = sha256Hex(bytes);
  return got === entry.sha256
    ? null
    : {
        code: 'bundle.digest-mismatch',
        message: `${path} has SHA-256 ${got.slice(0, 16)}..., want ${entry.sha256.slice(0, 16)}...`,
      };
}
