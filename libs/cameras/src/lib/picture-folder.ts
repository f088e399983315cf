import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';

/** One picture of a folder. `template` is there for pairs `<name>_test.png` and `<name>_temp.png`. */
export interface FolderPicture {
  readonly name: string;
  readonly file: string;
  readonly template?: string;
}

const extensions = new Set(['.png', '.jpg', '.jpeg', '.webp']);

/**
 * The pictures of a folder in order of their names. Where there are files `<name>_test.*`, these are the pictures and
 * `<name>_temp.*` their templates; otherwise every picture counts. A folder without pictures but with a folder
 * `images` in it stands for that one (the layout of DeepPCB).
 * @throws ConfigError `camera.folder-missing`, `camera.folder-empty`, `camera.folder-unpaired` listing tests without template
 */
export async function listPictures(folder: string): Promise<readonly FolderPicture[]> {
  const own = await namesIn(folder);
  const nested = own.pictures.length === 0 && own.folders.includes('images');
  const base = nested ? join(folder, 'images') : folder;
  const names = nested ? (await namesIn(base)).pictures : own.pictures;
  if (names.length === 0) {
    throw new ConfigError(
      'camera.folder-empty',
      `The folder ${folder} holds no pictures (${[...extensions].join(', ')}). Check the path.`,
    );
  }
  const tests = names.filter((n) => /_test\.\w+$/.test(n));
  if (tests.length === 0) return names.map((n) => ({ name: n.slice(0, -extname(n).length), file: join(base, n) }));
  const pairs = tests.map((n) => {
    const name = n.replace(/_test\.\w+$/, '');
    const template = names.find((t) => t.startsWith(`${name}_temp.`));
    return { name, file: join(base, n), template: template === undefined ? undefined : join(base, template) };
  });
  const alone = pairs.filter((p) => p.template === undefined).map((p) => p.name);
  if (alone.length > 0) {
    throw new ConfigError(
      'camera.folder-unpaired',
      `In ${base} these pictures have no _temp file beside their _test file: ${alone.slice(0, 20).join(', ')}.`,
    );
  }
  return pairs.map(({ name, file, template }) => ({ name, file, ...(template === undefined ? {} : { template }) }));
}

async function namesIn(
  folder: string,
): Promise<{ readonly pictures: readonly string[]; readonly folders: readonly string[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const pictures = entries
      .filter((e) => !e.isDirectory() && extensions.has(extname(e.name).toLowerCase()))
      .map((e) => e.name);
    return { pictures: pictures.sort(), folders: entries.filter((e) => e.isDirectory()).map((e) => e.name) };
  } catch (error) {
    throw new ConfigError('camera.folder-missing', `The folder ${folder} cannot be read: ${errorMessage(error)}.`, {
      cause: error,
    });
  }
}
