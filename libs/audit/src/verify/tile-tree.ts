import { emptyTreeHash, hashOfPair } from './hashing.js';
import type { LogFolder } from './log-folder.js';

/** Hashes of any range of a log, from its tiles. Undefined where a tile that is needed is not there. */
export interface TileTree {
  rootAt(size: number): Promise<Buffer | undefined>;
  leaf(index: number): Promise<Buffer | undefined>;
  /** Hashes from the leaf's sibling up. */
  inclusionPath(index: number, size: number): Promise<readonly Buffer[] | undefined>;
}

const kept = 4_096;

export function createTileTree(folder: LogFolder, size: number): TileTree {
  const cache = new Map<string, readonly Buffer[] | undefined>();

  async function tile(level: number, index: number): Promise<readonly Buffer[] | undefined> {
    const key = `${level}/${index}`;
    if (cache.has(key)) return cache.get(key);
    const width = Math.min(256, Math.floor(size / 256 ** level) - index * 256);
    const bytes =
      (await folder.readTile({ level, index, width: 256 })) ??
      (width < 256 && width > 0 ? await folder.readTile({ level, index, width }) : undefined);
    const hashes = bytes === undefined ? undefined : split(bytes);
    put(key, hashes);
    return hashes;
  }
  function put(key: string, hashes: readonly Buffer[] | undefined): void {
    if (cache.size >= kept) cache.delete([...cache.keys()][0] ?? '');
    cache.set(key, hashes);
  }

  /** Root of 2^height leaves. */
  async function perfect(height: number, position: number): Promise<Buffer | undefined> {
    const level = Math.floor(height / 8);
    const count = 2 ** (height % 8);
    const first = position * count;
    const hashes = (await tile(level, Math.floor(first / 256)))?.slice(first % 256, (first % 256) + count);
    return hashes?.length === count ? fold(hashes) : undefined;
  }

  async function range(low: number, high: number): Promise<Buffer | undefined> {
    if (low === high) return emptyTreeHash;
    const count = high - low;
    const height = Math.floor(Math.log2(count));
    if (2 ** height === count) return perfect(height, low / count);
    const middle = low + 2 ** height;
    const [left, right] = [await range(low, middle), await range(middle, high)];
    return left === undefined || right === undefined ? undefined : hashOfPair(left, right);
  }

  return {
    rootAt: (at) => range(0, at),
    leaf: (index) => perfect(0, index),
    inclusionPath: async (index, at) => {
      const path: (Buffer | undefined)[] = [];
      for (let [low, high] = [0, at]; high - low > 1;) {
        const middle = low + 2 ** (Math.ceil(Math.log2(high - low)) - 1);
        if (index < middle) {
          path.unshift(await range(middle, high));
          high = middle;
        } else {
          path.unshift(await range(low, middle));
          low = middle;
        }
      }
      const whole = path.flatMap((hash) => hash ?? []);
      return whole.length === path.length ? whole : undefined;
    },
  };
}

export function split(bytes: Buffer): readonly Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / 32) }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
}

/** Root over a power of two of hashes. */
export function fold(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0] ?? emptyTreeHash;
  const middle = hashes.length / 2;
  return hashOfPair(fold(hashes.slice(0, middle)), fold(hashes.slice(middle)));
}
