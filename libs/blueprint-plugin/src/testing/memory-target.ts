import type { StarterTarget } from '../lib/apply-starter.js';

/** A folder in memory. */
export function createMemoryTarget(
  files = new Map<string, Buffer>(),
): StarterTarget & { readonly files: Map<string, Buffer> } {
  return {
    files,
    children: () => [...new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''))],
    read: (path) => files.get(path),
    write: (path, bytes) => void files.set(path, bytes),
  };
}
