import { relative, resolve } from 'node:path';
import type { Tree } from '@nx/devkit';
import type { StarterTarget } from './apply-starter.js';

/** A folder of Nx's tree of pending changes; one outside of the workspace works as well as one inside. */
export function treeTarget(tree: Tree, folder: string): StarterTarget {
  const at = (path: string): string => relative(tree.root, resolve(tree.root, folder, path)) || '.';
  return {
    children: (path) => tree.children(at(path)),
    read: (path) => (tree.isFile(at(path)) ? (tree.read(at(path)) ?? undefined) : undefined),
    write: (path, bytes) => tree.write(at(path), bytes),
  };
}
