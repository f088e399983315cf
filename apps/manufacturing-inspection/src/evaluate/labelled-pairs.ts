import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { parseDeepPcbLabels } from '@edge-blueprints/vision';
import type { TrueDefect } from '@edge-blueprints/vision';

export interface LabelledPair {
  readonly id: string;
  readonly testFile: string;
  readonly templateFile: string;
  readonly truth: readonly TrueDefect[];
}

/**
 * Finds the pairs of a folder: DeepPCB's own layout (a list `test.txt` beside the folder `test`), or `images` and `labels`.
 * @param labelled false where every board is good and label files are not read
 * @throws ConfigError `evaluate.data-missing`, `evaluate.data-empty`, `vision.labels-invalid`
 */
export async function readLabelledPairs(
  folder: string,
  limit: number,
  labelled = true,
): Promise<readonly LabelledPair[]> {
  const list = await readFile(join(folder, 'test.txt'), 'utf8').catch(() => undefined);
  const base = list === undefined ? folder : join(folder, 'test');
  const ids = list === undefined ? await idsIn(join(folder, 'images')) : list.split(/\s+/).filter((id) => id !== '');
  if (ids.length === 0)
    throw new ConfigError('evaluate.data-empty', `There are no pairs <id>_test.png in ${join(base, 'images')}`);
  return Promise.all(
    ids.slice(0, limit).map(async (id) => {
      const labels = join(base, 'labels', `${id}.txt`);
      return {
        id,
        testFile: join(base, 'images', `${id}_test.png`),
        templateFile: join(base, 'images', `${id}_temp.png`),
        truth: labelled ? parseDeepPcbLabels(await readLabels(labels), labels) : [],
      };
    }),
  );
}

async function idsIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.flatMap((name) => (name.endsWith('_test.png') ? [name.slice(0, -'_test.png'.length)] : [])).sort();
  } catch (cause) {
    throw new ConfigError(
      'evaluate.data-missing',
      `There are no labelled pairs: neither test.txt nor the folder ${folder} can be read`,
      { cause },
    );
  }
}

async function readLabels(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      'evaluate.data-missing',
      `The label file ${file} cannot be read; a good board has an empty one`,
      { cause },
    );
  }
}
