import { headFiles, pathOf, tileNameOf, type LogFolder } from '../verify/log-folder.js';

/** A published folder in memory, for thousands of ways to spoil it. */
export function memoryFolder(files: ReadonlyMap<string, Buffer>): LogFolder {
  return {
    read: async (path) => files.get(path),
    readTile: async (name) => files.get(pathOf(name)),
    list: async () => {
      const names = [...files.keys()].map((path) => ({ path, name: tileNameOf(path) }));
      return {
        tiles: names.flatMap(({ name }) => name ?? []),
        strange: names.flatMap(({ path, name }) => (name === undefined && !headFiles.has(path) ? [path] : [])),
      };
    },
  };
}
