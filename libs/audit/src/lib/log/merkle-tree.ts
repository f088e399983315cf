import { createHash } from 'node:crypto';

/** Hashes in a full tile. @see C2SP tlog-tiles */
export const tileWidth = 256;

/** A row of hashes, each the root of a full tile one level below; level 0 holds leaves. */
export interface TileRow {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Buffer[];
}

/** @see RFC 6962 section 2.1 */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(entry).digest();
}

/** @see RFC 6962 section 2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
}

/** Root over hashes whose number is a power of two. */
export function perfectRoot(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const next: Buffer[] = [];
    for (let i = 0; i + 1 < row.length; i += 2) next.push(nodeHash(row[i] ?? none, row[i + 1] ?? none));
    row = next;
  }
  return row[0] ?? none;
}

/** A tree that only grows. It keeps the rightmost tile of each level, so its cost does not depend on its size. */
export interface GrowingTree {
  size(): number;
  append(leaf: Buffer): void;
  root(): Buffer;
  /** The rightmost tiles that are not full, one a level; empty rows are left out. */
  edge(): readonly TileRow[];
  /** Tiles that became full since the last call. */
  takeFull(): readonly TileRow[];
}

/** Goes on from the edge of a tree of that size. */
export function createGrowingTree(startSize = 0, edge: readonly TileRow[] = []): GrowingTree {
  let size = startSize;
  const rows: Buffer[][] = [];
  for (const row of edge) rows[row.level] = [...row.hashes];
  for (let level = 0; level < rows.length; level += 1) rows[level] ??= [];
  let full: TileRow[] = [];
  return {
    size: () => size,
    append: (leaf) => {
      size += 1;
      let carry = leaf;
      for (let level = 0; ; level += 1) {
        const row = (rows[level] ??= []);
        row.push(carry);
        if (row.length < tileWidth) return;
        full.push({ level, index: size / tileWidth ** (level + 1) - 1, hashes: row });
        rows[level] = [];
        carry = perfectRoot(row);
      }
    },
    root: () => {
      const parts = [...rows].reverse().flatMap((row) => perfectParts(row));
      const last = parts.pop();
      if (last === undefined) return createHash('sha256').digest();
      return parts.reduceRight((right, left) => nodeHash(left, right), last);
    },
    edge: () =>
      rows.flatMap((row, level) =>
        row.length === 0 ? [] : [{ level, index: Math.floor(size / tileWidth ** (level + 1)), hashes: [...row] }],
      ),
    takeFull: () => {
      const taken = full;
      full = [];
      return taken;
    },
  };
}

/** Roots of the perfect trees that make up a row, the widest first. */
function perfectParts(row: readonly Buffer[]): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let width = tileWidth / 2; width >= 1; width /= 2) {
    if ((row.length & width) === 0) continue;
    parts.push(perfectRoot(row.slice(start, start + width)));
    start += width;
  }
  return parts;
}

const none = Buffer.alloc(32);
