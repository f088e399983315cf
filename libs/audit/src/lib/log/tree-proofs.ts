import { UsageError } from '@edge-blueprints/contracts';
import { nodeHash, perfectRoot, tileWidth } from './merkle-tree.js';

/** Reads a tile with at least that many hashes. */
export type TileReader = (level: number, index: number, width: number) => Promise<readonly Buffer[]>;

/** Audit path of leaf `index` in the tree of that size, the leaf's sibling first. @see RFC 6962 section 2.1.1 */
export async function inclusionPath(read: TileReader, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size))
    throw new UsageError('audit.range', `Entry ${index} is not in a log of ${size} entries; ask for 0 to ${size - 1}`);
  const path: Buffer[] = [];
  let [low, high] = [0, size];
  while (high - low > 1) {
    const middle = low + largestPowerBelow(high - low);
    if (index < middle) {
      path.unshift(await rangeRoot(read, middle, high));
      high = middle;
    } else {
      path.unshift(await rangeRoot(read, low, middle));
      low = middle;
    }
  }
  return path;
}

/** Proof that the tree of `size` begins with the tree of `oldSize`; empty where either says all. @see RFC 6962 section 2.1.2 */
export async function consistencyPath(read: TileReader, oldSize: number, size: number): Promise<Buffer[]> {
  if (!(oldSize >= 0 && oldSize <= size))
    throw new UsageError('audit.range', `A log of ${size} entries cannot be compared with one of ${oldSize}`);
  if (oldSize === 0 || oldSize === size) return [];
  const path: Buffer[] = [];
  let [low, high, whole] = [0, size, true];
  while (oldSize !== high) {
    const middle = low + largestPowerBelow(high - low);
    if (oldSize <= middle) {
      path.unshift(await rangeRoot(read, middle, high));
      high = middle;
    } else {
      path.unshift(await rangeRoot(read, low, middle));
      low = middle;
      whole = false;
    }
  }
  if (!whole) path.unshift(await rangeRoot(read, low, high));
  return path;
}

/** Root of the entries from `low` up to, without, `high`. */
export async function rangeRoot(read: TileReader, low: number, high: number): Promise<Buffer> {
  const count = high - low;
  const power = largestPowerBelow(count + 1);
  if (power === count && low % count === 0) return perfectRange(read, count, low / count);
  const middle = low + largestPowerBelow(count);
  return nodeHash(await rangeRoot(read, low, middle), await rangeRoot(read, middle, high));
}

async function perfectRange(read: TileReader, count: number, position: number): Promise<Buffer> {
  let [level, hashes] = [0, count];
  while (hashes >= tileWidth) [level, hashes] = [level + 1, hashes / tileWidth];
  const first = position * hashes;
  const offset = first % tileWidth;
  const tile = await read(level, Math.floor(first / tileWidth), offset + hashes);
  return perfectRoot(tile.slice(offset, offset + hashes));
}

/** The largest power of two below n; n is 2 or more. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
