import { tileWidth } from './merkle-tree.js';

/** Path of a tile or entry bundle below the log's folder; without a width it is a full one. @see C2SP tlog-tiles */
export function tilePath(level: number | 'entries', index: number, width: number = tileWidth): string {
  const partial = width === tileWidth ? '' : `.p/${width}`;
  return `tile/${level}/${groupedIndex(index)}${partial}`;
}

/** 1234067 is `x001/x234/067`. */
export function groupedIndex(index: number): string {
  const last = String(index % 1_000).padStart(3, '0');
  const above: string[] = [];
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000))
    above.unshift(`x${String(rest % 1_000).padStart(3, '0')}`);
  return [...above, last].join('/');
}

/** Hashes that tile `index` of a level holds in a tree of that size; 0 or less where it does not exist. */
export function widthAt(level: number, index: number, size: number): number {
  return Math.min(tileWidth, Math.floor(size / tileWidth ** level) - index * tileWidth);
}
