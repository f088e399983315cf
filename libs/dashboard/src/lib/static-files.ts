import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const mimeByExtension: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const compressible = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt']);
const maxFiles = 2_000;
const maxBytes = 64 * 1024 * 1024;

export interface StaticFile {
  readonly mime: string;
  readonly etag: string;
  readonly plain: Uint8Array;
  readonly gzipped: Uint8Array | undefined;
  /** Named by its content (the bundler's assets folder): browsers may keep it for a year. */
  readonly immutable: boolean;
}

/**
 * Reads a built page into memory, compressed once. Only what was listed at the start can be asked for, so a request path
 * never touches the file system. A folder that does not exist gives an empty map.
 */
export async function readStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  let bytes = 0;
  for (const path of await list(folder)) {
    if (files.size >= maxFiles || bytes >= maxBytes) break;
    const plain = await readFile(path);
    bytes += plain.length;
    const extension = extname(path).toLowerCase();
    const name = relative(folder, path).split(sep).join('/');
    files.set(`/${name}`, {
      mime: mimeByExtension[extension] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
      plain,
      gzipped: compressible.has(extension) ? await compress(plain, { level: 9 }) : undefined,
      immutable: name.startsWith('assets/'),
    });
  }
  return files;
}

async function list(folder: string): Promise<readonly string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
