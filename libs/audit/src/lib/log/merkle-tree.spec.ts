import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashOfLeaf, hashOfPair, emptyTreeHash, isConsistent, rootByInclusion } from '../../verify/hashing.js';
import { createGrowingTree, leafHash, tileWidth, type TileRow } from './merkle-tree.js';
import { tilePath, widthAt } from './tile-path.js';
import { consistencyPath, inclusionPath, type TileReader } from './tree-proofs.js';

/** The definition of RFC 6962 section 2.1, word for word. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return emptyTreeHash;
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashOfPair(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

const most = 65_540;
const leaves = Array.from({ length: most }, (_, i) => hashOfLeaf(Buffer.from(`entry ${i}`)));
const tiles = new Map<string, readonly Buffer[]>();
const roots = new Map<number, Buffer>();
const sizes = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 65_535, 65_536, 65_537, most];
const read: TileReader = async (level, index) => tiles.get(`${level}/${index}`) ?? [];

beforeAll(() => {
  const tree = createGrowingTree();
  const keep = (row: TileRow): void => void tiles.set(`${row.level}/${row.index}`, row.hashes);
  for (let size = 0; size <= most; size += 1) {
    if (size <= 260 || sizes.includes(size)) roots.set(size, tree.root());
    if (size < most) tree.append(leaves[size]!);
    tree.takeFull().forEach(keep);
  }
  tree.edge().forEach(keep);
});

describe('the growing tree', () => {
  it('has the root that RFC 6962 defines, at every size of a first tile and at the edges of levels', () => {
    for (const [size, root] of roots)
      expect(root.equals(definedRoot(leaves.slice(0, size))), `size ${size}`).toBe(true);
    expect(leafHash(Buffer.from('entry 5'))).toEqual(leaves[5]);
  });

  it('goes on from its edge as if it had never stopped', () => {
    for (const stop of [1, 255, 256, 257, 600]) {
      const first = createGrowingTree();
      for (const leaf of leaves.slice(0, stop)) first.append(leaf);
      const second = createGrowingTree(stop, first.edge());
      for (const leaf of leaves.slice(stop, 700)) second.append(leaf);
      expect(second.root()).toEqual(roots.get(700));
      expect(second.takeFull().map(({ level, index }) => `${level}/${index}`)).toEqual(
        [0, 1].filter((tile) => (tile + 1) * tileWidth > stop).map((tile) => `0/${tile}`),
      );
    }
  });
});

const pairs = fc
  .tuple(fc.constantFrom(...sizes.slice(1)), fc.nat())
  .map(([size, any]): readonly [number, number] => [size, any % size]);

describe('proofs', () => {
  it('lead from any entry to the root, and from nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.nat(), async ([size, index], any) => {
        const path = await inclusionPath(read, index, size);
        const root = roots.get(size)!;
        expect(rootByInclusion(leaves[index]!, index, size, path)).toEqual(root);
        const other = rootByInclusion(leaves[(index + 1) % most]!, index, size, path);
        expect(other?.equals(root)).not.toBe(true);
        const moved = rootByInclusion(leaves[index]!, any % size, size, path);
        if (any % size !== index) expect(moved?.equals(root)).not.toBe(true);
        expect(rootByInclusion(leaves[index]!, index, size, [...path, root])).toBeUndefined();
      }),
      { numRuns: 80 },
    );
  });

  it('show that a log continues an older one, and refuse every other', async () => {
    for (const size of sizes)
      for (const oldSize of sizes.filter((one) => one <= size)) {
        const path = await consistencyPath(read, oldSize, size);
        const [older, newer] = [
          { size: oldSize, root: roots.get(oldSize)! },
          { size, root: roots.get(size)! },
        ];
        expect(isConsistent(older, newer, path), `${oldSize} to ${size}`).toBe(true);
        const wrong = hashOfLeaf(Buffer.from('wrong'));
        expect(isConsistent({ size: oldSize, root: wrong }, newer, path)).toBe(false);
        if (oldSize > 0) expect(isConsistent(older, { size, root: wrong }, path)).toBe(false);
        expect(isConsistent(older, newer, [...path, wrong])).toBe(false);
      }
  });

  it('name an index that is not in the log', async () => {
    await expect(inclusionPath(read, 7, 7)).rejects.toMatchObject({ code: 'audit.range' });
    await expect(consistencyPath(read, 8, 7)).rejects.toMatchObject({ code: 'audit.range' });
  });
});

describe('paths of tiles', () => {
  it('are those of C2SP tlog-tiles', () => {
    expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
    expect(tilePath('entries', 0, 17)).toBe('tile/entries/000.p/17');
    const levels = [0, 1, 2].map((level) => widthAt(level, Math.floor(70_000 / 256 ** (level + 1)), 70_000));
    expect(levels).toEqual([112, 17, 1]);
  });
});
