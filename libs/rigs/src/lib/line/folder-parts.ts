import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeGray, encodePng, listPictures } from '@edge-blueprints/cameras';
import type { Detection } from '@edge-blueprints/contracts';
import { ConfigError } from '@edge-blueprints/contracts';
import { parseDeepPcbLabels } from '@edge-blueprints/vision';
import type { PartSource, PreparedPart } from './prepared-part.js';

/**
 * Real pictures as parts, each once, in order of their names. The layout is that of DeepPCB: pairs `<id>_test`, `<id>_temp`,
 * and `labels/<id>.txt` beside the folder of pictures where the truth is known.
 * @throws ConfigError when the folder has no pairs (`camera.folder-*`, `rig.frames-without-template`)
 */
export async function openFolderParts(folder: string): Promise<PartSource> {
  const pictures = await listPictures(folder);
  const alone = pictures.filter((picture) => picture.template === undefined).map((picture) => picture.name);
  if (alone.length > 0) {
    throw new ConfigError(
      'rig.frames-without-template',
      `The line needs a golden template for every picture of ${folder}: name pairs <id>_test.png and <id>_temp.png. Without one: ${alone.slice(0, 20).join(', ')}.`,
    );
  }
  const templates = await Promise.all(
    pictures.map(async ({ name, template = '' }) => ({
      productId: name,
      png: template.toLowerCase().endsWith('.png')
        ? await readFile(template)
        : (await encodePng(await decodeGray(template))).bytes,
    })),
  );
  let index = 0;
  return {
    templates,
    next: async (): Promise<PreparedPart | undefined> => {
      const picture = pictures[index];
      if (!picture) return undefined;
      index += 1;
      const { width, height, pixels } = await decodeGray(picture.file);
      const truth = await readTruth(picture.file, picture.name);
      const partId = /^[\x20-\x7e]{1,16}$/.test(picture.name) ? picture.name : `F${String(index).padStart(8, '0')}`;
      return { partId, productId: picture.name, recipe: 1, width, height, pixels, truth, name: picture.name };
    },
    golden: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

async function readTruth(picture: string, name: string): Promise<readonly Detection[] | null> {
  for (const folder of [join(dirname(picture), '..', 'labels'), join(dirname(picture), 'labels'), dirname(picture)]) {
    const file = join(folder, `${name}.txt`);
    let text;
    try {
      text = await readFile(file, 'utf8');
    } catch {
      continue;
    }
    return parseDeepPcbLabels(text, file).map((defect) => ({ ...defect, score: 1 }));
  }
  return null;
}
