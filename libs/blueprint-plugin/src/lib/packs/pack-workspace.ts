import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readManifest, stagePackage } from './stage-package.js';

export interface PackedSummary {
  readonly name: string;
  readonly file: string;
}

/**
 * Makes a tarball of every workspace package that `names` need. npm gives the files of a tarball a fixed time and order, so that the
 * same sources give the same bytes. The folder is replaced as a whole, once all of them are there.
 * @throws ConfigError `starter.not-built`
 */
export function packWorkspace(root: string, names: readonly string[], out: string): readonly PackedSummary[] {
  const folders = workspaceFolders(root);
  const wanted = closure(folders, names);
  const work = mkdtempSync(join(tmpdir(), 'starter-packs-'));
  try {
    const packed = join(work, 'packed');
    mkdirSync(packed);
    const packs = wanted.map((name) => {
      const stage = join(work, name.replaceAll('/', '-'));
      mkdirSync(stage, { recursive: true });
      const { version, license, dependencies } = stagePackage(folders.get(name) ?? '', root, stage);
      const file = `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}.tgz`;
      npmPack(stage, packed);
      return { name, version, license, file, dependencies };
    });
    writeFileSync(join(packed, 'packs.json'), `${JSON.stringify({ format: 'edge-packs/1', packs }, null, 2)}\n`);
    replaceFolder(packed, out);
    return packs;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** `npm pack` of a folder: npm gives the files of a tarball a fixed time and order. */
export function npmPack(stage: string, out: string): void {
  // Through npm's own program where npm started us: `npm` is a script of another name on Windows.
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', out];
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js')) execFileSync(process.execPath, [npm, ...args], { cwd: stage, stdio: 'pipe' });
  else execFileSync('npm', args, { cwd: stage, stdio: 'pipe' });
}

/** Folders of the packages under libs/ and apps/, by name. */
export function workspaceFolders(root: string): ReadonlyMap<string, string> {
  const folders = ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return new Map(
    folders
      .filter((folder) => existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'src/index.ts')))
      .map((folder) => [readManifest(folder).name, folder]),
  );
}

/** The workspace packages that `names` need, themselves among them. */
export function closure(folders: ReadonlyMap<string, string>, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const folder = folders.get(name);
    if (folder === undefined || found.has(name)) continue;
    found.add(name);
    queue.push(...Object.keys(readManifest(folder).dependencies));
  }
  return [...found].sort();
}

function replaceFolder(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const beside = `${to}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside);
  // Copied, not renamed: the temporary folder may be on another disk.
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(beside, name));
  rmSync(to, { recursive: true, force: true });
  renameSync(beside, to);
}
