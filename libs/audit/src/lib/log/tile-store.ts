import { access, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';
import { makeFolders, replaceFile, syncFolder } from './durable-files.js';
import { tileWidth, type TileRow } from './merkle-tree.js';
import { tilePath, widthAt } from './tile-path.js';

const hashBytes = 32;

/** The published files of a log: tiles, entry bundles. What is full is never written again. */
export interface TileStore {
  writeTiles(rows: readonly TileRow[]): Promise<void>;
  writeBundle(index: number, entries: readonly Uint8Array[]): Promise<void>;
  /** At least `width` hashes. @throws DeviceError `audit.damaged` */
  readTile(level: number, index: number, width: number): Promise<readonly Buffer[]>;
  readBundle(index: number, width: number): Promise<readonly Buffer[]>;
  /** Partial files of what is full now. */
  dropPartials(level: number | 'entries', index: number): Promise<void>;
  /** What a crash left beyond a tree of that size. */
  dropBeyond(size: number): Promise<void>;
  /** Removes level 0 and entries of full tiles that end at or below the index, and nothing else. */
  prune(minimumIndex: number): Promise<number>;
}

export function createTileStore(folder: string): TileStore {
  async function write(path: string, bytes: Uint8Array): Promise<void> {
    await makeFolders(folder, dirname(path));
    // What a crash leaves half-written must not lie among the published files.
    await replaceFile(join(folder, path), bytes, 0o644, `${folder}.part`);
    await syncFolder(dirname(join(folder, path)));
  }

  /** The full file where there is one, else the partial one, else the narrowest partial one that is wide enough. */
  async function read(level: number | 'entries', index: number, width: number): Promise<Buffer> {
    const widths = [tileWidth, width, ...(await partialWidths(level, index)).filter((wide) => wide > width)];
    for (const candidate of widths) {
      const bytes = await readFile(join(folder, tilePath(level, index, candidate))).catch(absent);
      if (bytes !== undefined) return bytes;
    }
    const path = tilePath(level, index, width);
    throw new DeviceError(
      'audit.damaged',
      `${join(folder, path)} is not there, and neither is a wider one. Run the verifier; start a new folder.`,
      { context: { path } },
    );
  }

  async function partialWidths(level: number | 'entries', index: number): Promise<readonly number[]> {
    const names = await readdir(join(folder, `${tilePath(level, index)}.p`)).catch(absent);
    return (names ?? [])
      .filter((name) => /^\d{1,3}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  async function dropBeyondLevel(level: number | 'entries', hashes: number): Promise<void> {
    const last = Math.floor(hashes / tileWidth);
    for (const wide of await partialWidths(level, last))
      if (wide > hashes % tileWidth) await rm(join(folder, tilePath(level, last, wide)));
    for (let index = last; ; index += 1) {
      const path = join(folder, tilePath(level, index));
      const there = [path, `${path}.p`].map((one) =>
        access(one).then(
          () => true,
          () => false,
        ),
      );
      const [isFull, isPartial] = await Promise.all(there);
      if (isFull) await rm(path);
      if (isPartial && index > last) await rm(`${path}.p`, { recursive: true });
      if (!isFull && !isPartial && index > last) return;
    }
  }

  return {
    writeTiles: async (rows) => {
      for (const { level, index, hashes } of rows)
        await write(tilePath(level, index, hashes.length), Buffer.concat(hashes));
    },
    writeBundle: (index, entries) => write(tilePath('entries', index, entries.length), encodeBundle(entries)),
    readTile: async (level, index, width) => {
      const bytes = await read(level, index, width);
      const hashes: Buffer[] = [];
      for (let at = 0; at + hashBytes <= bytes.length; at += hashBytes) hashes.push(bytes.subarray(at, at + hashBytes));
      if (hashes.length < width) throw damaged(join(folder, tilePath(level, index, width)), 'is too short');
      return hashes;
    },
    readBundle: async (index, width) => {
      const entries = decodeBundle(await read('entries', index, width));
      if (entries === undefined || entries.length < width)
        throw damaged(join(folder, tilePath('entries', index, width)), 'does not hold its entries');
      return entries;
    },
    dropPartials: (level, index) => rm(join(folder, `${tilePath(level, index)}.p`), { recursive: true, force: true }),
    dropBeyond: async (size) => {
      await dropBeyondLevel('entries', size);
      for (let level = 0; level === 0 || size >= tileWidth ** level; level += 1)
        await dropBeyondLevel(level, Math.floor(size / tileWidth ** level));
    },
    prune: async (minimumIndex) => {
      let removed = 0;
      for (let index = Math.floor(minimumIndex / tileWidth) - 1; index >= 0; index -= 1) {
        const path = join(folder, tilePath('entries', index));
        if (
          !(await access(path).then(
            () => true,
            () => false,
          ))
        )
          break;
        await rm(path);
        await rm(join(folder, tilePath(0, index)));
        removed += 1;
      }
      return removed;
    },
  };
}

/** Where a tree of that size ends: its tiles that are not full. */
export async function readEdge(store: TileStore, size: number): Promise<readonly TileRow[]> {
  const rows: TileRow[] = [];
  for (let level = 0; size >= tileWidth ** level; level += 1) {
    const index = Math.floor(size / tileWidth ** (level + 1));
    const width = widthAt(level, index, size);
    if (width === 0) continue;
    rows.push({ level, index, hashes: (await store.readTile(level, index, width)).slice(0, width) });
  }
  return rows;
}

/** Each entry behind its length as two bytes, the higher one first. @see C2SP tlog-tiles */
function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

function decodeBundle(bytes: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined;
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function damaged(path: string, what: string): DeviceError {
  return new DeviceError('audit.damaged', `${path} ${what}. Run the verifier; start a new folder.`);
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
