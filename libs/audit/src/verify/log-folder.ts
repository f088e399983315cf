import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Name of a published file. `width` 256 is a full one. */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

export interface LogFolder {
  /** Undefined where the file is not there. */
  read(path: string): Promise<Buffer | undefined>;
  readTile(name: TileName): Promise<Buffer | undefined>;
  /** Every tile file that is there, and every file that is no part of a log. */
  list(): Promise<{ readonly tiles: readonly TileName[]; readonly strange: readonly string[] }>;
}

export const headFiles: ReadonlySet<string> = new Set(['checkpoint', 'checkpoints.jsonl']);

export function openLogFolder(folder: string): LogFolder {
  const read = (path: string): Promise<Buffer | undefined> =>
    readFile(join(folder, path)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code)))
        return undefined;
      throw error;
    });
  return {
    read,
    readTile: (name) => read(pathOf(name)),
    list: async () => {
      const tiles: TileName[] = [];
      const strange: string[] = [];
      for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (file.isDirectory()) continue;
        const path = relative(folder, join(file.parentPath, file.name)).split(sep).join('/');
        const name = file.isFile() ? tileNameOf(path) : undefined;
        if (name !== undefined) tiles.push(name);
        else if (!headFiles.has(path)) strange.push(path);
      }
      return { tiles, strange };
    },
  };
}

export function pathOf({ level, index, width }: TileName): string {
  let digits = String(index);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const grouped = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${grouped}${width === 256 ? '' : `.p/${width}`}`;
}

/** What a path below the folder names; undefined for what is no file of a log. */
export function tileNameOf(path: string): TileName | undefined {
  const [, level, groups, width] = /^tile\/(entries|\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replace(/[x/]/g, '')),
    width: width === undefined ? 256 : Number(width),
  };
  const inRange =
    name.width >= 1 && (width === undefined || name.width < 256) && (name.level === 'entries' || name.level <= 63);
  return inRange && pathOf(name) === path ? name : undefined;
}
