import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface WrittenFiles {
  readonly files: number;
  readonly bytes: number;
  /** Files that hold the beginning of a JPEG, PNG, WebP, GIF, BMP or TIFF picture anywhere. */
  readonly pictures: readonly string[];
}

const beginnings: readonly Buffer[] = [
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from([0xff, 0xd8, 0xff, 0xe1]),
  Buffer.from([0xff, 0xd8, 0xff, 0xdb]),
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  Buffer.from('WEBPVP8', 'latin1'),
  Buffer.from('GIF89a', 'latin1'),
];

/** Everything under a folder, looked through for pictures. What is written while it reads is not waited for. */
export async function writtenFiles(folder: string): Promise<WrittenFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  const pictures: string[] = [];
  const files = entries.filter((entry) => entry.isFile());
  for (const entry of files) {
    const file = join(entry.parentPath, entry.name);
    const content = await readFile(file).catch(() => Buffer.alloc(0)); // gone again
    bytes += content.length;
    if (beginnings.some((beginning) => content.includes(beginning))) pictures.push(relative(folder, file));
  }
  return { files: files.length, bytes, pictures };
}
