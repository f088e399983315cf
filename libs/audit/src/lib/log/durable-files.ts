import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file that is written at its end. Tests put a disk that fails behind it. */
export interface AppendFile {
  write(bytes: Uint8Array): Promise<void>;
  /** On the disk when this resolves. */
  sync(): Promise<void>;
  /** Takes back what lies behind that offset. */
  cut(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenAppendFile = (path: string) => Promise<AppendFile>;

/** Opens or makes the file; its name is on the disk when this resolves. */
export const openAppendFile: OpenAppendFile = async (path) => {
  const file = await open(path, 'a', 0o600);
  await syncFolder(dirname(path));
  return {
    write: async (bytes) => {
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
    },
    sync: () => file.datasync(),
    cut: async (length) => {
      await file.truncate(length);
      await file.sync();
    },
    close: () => file.close(),
  };
};

/** The file is there whole or not at all. Its content is on the disk when this resolves, its name after `syncFolder`. */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  mode = 0o644,
  temporary = `${path}.part`,
): Promise<void> {
  const file = await open(temporary, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Content and name are on the disk when this resolves. */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  mode = 0o644,
  temporary = `${path}.part`,
): Promise<void> {
  await replaceFile(path, bytes, mode, temporary);
  await syncFolder(dirname(path));
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes folders one by one from `base` and syncs each parent, so that a power cut cannot lose a name in the middle. */
export async function makeFolders(base: string, relative: string): Promise<void> {
  let at = base;
  for (const part of relative.split('/')) {
    const parent = at;
    at = join(at, part);
    if ((await mkdir(at, { recursive: true })) !== undefined) await syncFolder(parent);
  }
}
