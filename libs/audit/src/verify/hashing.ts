import { createHash } from 'node:crypto';

// The verifier shares no code with the writer: a fault in one must not hide itself in the other.

export function hashOfLeaf(entry: Uint8Array): Buffer {
  return createHash('sha256').update('\0').update(entry).digest();
}

export function hashOfPair(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest();
}

export const emptyTreeHash = createHash('sha256').digest();

/** Root that an audit path leads to; undefined where the path has the wrong length. @see RFC 9162 section 2.1.3.2 */
export function rootByInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (!(index >= 0 && index < size)) return undefined;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = hashOfPair(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = hashOfPair(hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? hash : undefined;
}

/** True when the path shows that the newer tree begins with the older one. @see RFC 9162 section 2.1.4.2 */
export function isConsistent(
  older: { readonly size: number; readonly root: Buffer },
  newer: { readonly size: number; readonly root: Buffer },
  path: readonly Buffer[],
): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return path.length === 0 && older.root.equals(emptyTreeHash);
  let [node, last] = [older.size - 1, newer.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const hashes = [...path];
  // Where the older size is a power of two its root is the first node, and the proof leaves it out.
  const seed = node === 0 ? older.root : hashes.shift();
  if (seed === undefined) return false;
  let [first, second] = [seed, seed];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      first = hashOfPair(hash, first);
      second = hashOfPair(hash, second);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else second = hashOfPair(second, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && first.equals(older.root) && second.equals(newer.root);
}

function half(n: number): number {
  return Math.floor(n / 2);
}
