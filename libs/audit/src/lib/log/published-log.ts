import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';
import { readCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint-note.js';
import { openAppendFile, writeDurably, makeFolders } from './durable-files.js';
import type { LogSigner } from './log-signer.js';
import { createGrowingTree, leafHash, tileWidth, type GrowingTree, type TileRow } from './merkle-tree.js';
import { createTileStore, readEdge, type TileStore } from './tile-store.js';
import { widthAt } from './tile-path.js';

/** What everybody may read: `checkpoint`, `checkpoints.jsonl` (all of them, oldest first) and `tile/`. */
export interface PublishedLog {
  readonly folder: string;
  readonly tiles: TileStore;
  /** Entries that are in the tree; more than the checkpoint's size while some wait for a signature. */
  size(): number;
  append(entry: Buffer): void;
  newest(): Checkpoint;
  /** Writes bundles and tiles, then signs. Nothing is signed that is not on the disk. */
  publish(): Promise<Checkpoint>;
  /** The same head with more signature lines. */
  addSignatures(checkpoint: Checkpoint): Promise<void>;
}

/**
 * Opens or makes the published folder.
 * @throws DeviceError `audit.damaged` where files are missing or do not add up to the newest checkpoint
 */
export async function openPublishedLog(options: {
  readonly folder: string;
  readonly origin: string;
  readonly signers: readonly [LogSigner, ...LogSigner[]];
  /** True where no entry was ever written: only then may an absent checkpoint be made. */
  readonly isNew: boolean;
}): Promise<PublishedLog> {
  const { folder, origin, signers } = options;
  await makeFolders(folder, '.');
  const writeHead = ({ note }: Checkpoint): Promise<void> =>
    writeDurably(join(folder, 'checkpoint'), Buffer.from(note), 0o644, `${folder}.part`);
  const tiles = createTileStore(folder);
  const history = await openHistory(folder);
  const top = await readTop(folder);
  const last = history.newest();
  let newest = last !== undefined && (top === undefined || last.size > top.size) ? last : top;
  if (newest !== undefined && newest.origin !== origin)
    throw new DeviceError(
      'audit.damaged',
      `${folder} is the log of ${newest.origin}, not of ${origin}: name another folder`,
    );
  if (newest !== undefined && !signers.some((signer) => isSignedBy(newest?.note ?? '', signer)))
    throw new DeviceError(
      'audit.damaged',
      `The checkpoint in ${folder} is not signed by the key in use. Put the log's key back, or name a new folder.`,
    );
  if (newest === undefined && !options.isNew)
    throw new DeviceError(
      'audit.damaged',
      `${folder} has no checkpoint although entries were written. Keep the folder for the audit and name a new one.`,
    );
  const size = newest?.size ?? 0;
  const edge = await readEdge(tiles, size);
  const tree = createGrowingTree(size, edge);
  if (newest !== undefined && tree.root().toString('base64') !== newest.root)
    throw new DeviceError(
      'audit.damaged',
      `The tiles in ${folder} do not add up to the checkpoint of ${size} entries. Run the verifier, keep the folder, name a new one.`,
    );
  await tiles.dropBeyond(size);
  const width = widthAt(0, Math.floor(size / tileWidth), size);
  const bundle = width === 0 ? [] : (await tiles.readBundle(Math.floor(size / tileWidth), width)).slice(0, width);
  if (bundle.some((entry, i) => !leafHash(entry).equals(edge[0]?.hashes[i] ?? Buffer.alloc(0))))
    throw new DeviceError(
      'audit.damaged',
      `The newest entry bundle in ${folder} does not fit its tile. Run the verifier.`,
    );
  const writer = createTileWriter(tiles, tree, bundle);

  const sign = async (head: { readonly size: number; readonly root: Buffer }): Promise<Checkpoint> => {
    if (newest?.size === head.size && newest.root === head.root.toString('base64')) return newest;
    const signed = await signCheckpoint({ origin, ...head }, signers);
    await history.append(signed);
    await writeHead(signed);
    return (newest = signed);
  };
  let current = newest ?? (await sign({ size: 0, root: tree.root() }));
  if (top?.note !== current.note) await writeHead(current);
  /** Only one at a time writes the head. */
  let heads: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = heads.then(work);
    heads = result.catch(() => undefined);
    return result;
  };
  return {
    folder,
    tiles,
    size: () => tree.size(),
    append: writer.append,
    newest: () => current,
    publish: () =>
      inTurn(async () => {
        current = await sign(await writer.write());
        await writer.dropPartials();
        return current;
      }),
    addSignatures: (checkpoint) =>
      inTurn(async () => {
        await history.append(checkpoint);
        if (checkpoint.size !== current.size || checkpoint.root !== current.root) return;
        await writeHead(checkpoint);
        newest = current = checkpoint;
      }),
  };
}

/** Collects what is new in the tree and writes it, oldest first; what failed is written again the next time. */
function createTileWriter(tiles: TileStore, tree: GrowingTree, bundle: readonly Buffer[]) {
  let open = [...bundle];
  let fullBundles: { readonly index: number; readonly entries: readonly Buffer[] }[] = [];
  let fullTiles: TileRow[] = [];
  let replaced: { readonly level: number | 'entries'; readonly index: number }[] = [];
  const written = new Map<string, number>();
  return {
    append: (entry: Buffer): void => {
      tree.append(leafHash(entry));
      open.push(entry);
      if (open.length < tileWidth) return;
      fullBundles.push({ index: tree.size() / tileWidth - 1, entries: open });
      open = [];
    },
    write: async (): Promise<{ readonly size: number; readonly root: Buffer }> => {
      // Entries go on being appended while files are written: what belongs to this head is taken before the first wait.
      fullTiles.push(...tree.takeFull());
      const head = { size: tree.size(), root: tree.root() };
      const [bundles, rows] = [[...fullBundles], [...fullTiles]];
      const [partial, edge] = [[...open], tree.edge()];
      for (const { index, entries } of bundles) await tiles.writeBundle(index, entries);
      const bundleIndex = Math.floor(head.size / tileWidth);
      if (partial.length > 0) await tiles.writeBundle(bundleIndex, partial);
      await tiles.writeTiles(rows);
      const changed = edge.filter((row) => written.get(`${row.level}/${row.index}`) !== row.hashes.length);
      await tiles.writeTiles(changed);
      for (const row of changed) written.set(`${row.level}/${row.index}`, row.hashes.length);
      fullBundles = fullBundles.slice(bundles.length);
      fullTiles = fullTiles.slice(rows.length);
      for (const { level, index } of rows) written.delete(`${level}/${index}`);
      replaced.push(...rows, ...bundles.map(({ index }) => ({ level: 'entries' as const, index })));
      return head;
    },
    dropPartials: async (): Promise<void> => {
      for (const { level, index } of replaced) await tiles.dropPartials(level, index);
      replaced = [];
    },
  };
}

async function readTop(folder: string): Promise<Checkpoint | undefined> {
  const text = await readFile(join(folder, 'checkpoint'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const found = readCheckpoint(text);
  if (found === undefined)
    throw new DeviceError('audit.damaged', `${join(folder, 'checkpoint')} is no checkpoint. Run the verifier.`);
  return found;
}

function isSignedBy(note: string, signer: LogSigner): boolean {
  const start = `\u2014 ${signer.name} `;
  const lines = note.split('\n').filter((line) => line.startsWith(start));
  return lines.some((line) => Buffer.from(line.slice(start.length), 'base64').subarray(0, 4).equals(signer.keyId));
}

/** `checkpoints.jsonl`: a JSON text a line. */
async function openHistory(folder: string) {
  const path = join(folder, 'checkpoints.jsonl');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const last = whole.trimEnd().split('\n').at(-1) ?? '';
  const newest = last === '' ? undefined : readCheckpoint(jsonText(last));
  let length = Buffer.byteLength(whole);
  let torn = whole.length < text.length;
  return {
    newest: () => newest,
    append: async (checkpoint: Checkpoint): Promise<void> => {
      const line = Buffer.from(`${JSON.stringify(checkpoint.note)}\n`);
      const file = await openAppendFile(path);
      try {
        if (torn) await file.cut(length);
        torn = true;
        await file.write(line);
        await file.sync();
        torn = false;
        length += line.length;
      } finally {
        await file.close();
      }
    },
  };
}

function jsonText(line: string): string {
  const value: unknown = JSON.parse(line);
  return typeof value === 'string' ? value : '';
}
