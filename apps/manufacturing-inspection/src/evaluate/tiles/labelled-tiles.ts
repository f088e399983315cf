import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';

export const tileParts = ['train', 'validation', 'test'] as const;
export type TilePart = (typeof tileParts)[number];

/** One picture of a labelled folder of surfaces. */
export interface LabelledTile {
  readonly image: string;
  readonly file: string;
  /** `free` for a good tile, else the kind of defect. */
  readonly kind: string;
  readonly group: string;
}

const splitSchema = z.object({ groups: z.record(z.string(), z.enum(tileParts)) });
const columns = ['image', 'class', 'tile_group'] as const;

/**
 * Reads `index.csv` (columns image, class, tile_group) and keeps the tiles of one part of the split. A file of a split lists
 * every group once, so that no tile is on two sides.
 * @throws ConfigError `evaluate.data-missing`, `evaluate.tiles-invalid` with every problem, `evaluate.data-empty`
 */
export async function readLabelledTiles(
  folder: string,
  splitFile: string,
  part: TilePart,
): Promise<readonly LabelledTile[]> {
  const index = join(folder, 'index.csv');
  const [header = '', ...lines] = (await readText(index)).split(/\r?\n/).filter((line) => line !== '');
  const names = header.split(',');
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0) throw invalid(index, [`column ${missing.join(', ')} is missing; the header is "${header}"`]);
  const { groups } = parseConfig(splitSchema, parseJson(await readText(splitFile), splitFile), splitFile);
  const problems: string[] = [];
  const tiles = lines.flatMap((line, at): LabelledTile[] => {
    const cells = line.split(',');
    const [image = '', kind = '', group = ''] = columns.map((name) => cells[names.indexOf(name)]);
    if (cells.length !== names.length || image === '' || kind === '' || group === '') {
      problems.push(`line ${at + 2} has ${cells.length} cells or an empty one, expected ${names.length}: "${line}"`);
      return [];
    }
    const side = groups[group];
    if (side === undefined) problems.push(`group ${group} of ${image} is not in ${splitFile}; make the split again`);
    return side === part ? [{ image, kind, group, file: join(folder, 'images', image) }] : [];
  });
  if (problems.length > 0) throw invalid(index, problems);
  if (tiles.length === 0)
    throw new ConfigError('evaluate.data-empty', `${index} has no tile of the part "${part}" of ${splitFile}`);
  return tiles;
}

function invalid(file: string, problems: readonly string[]): ConfigError {
  const shown = problems.slice(0, 20).map((problem) => `  ${problem}`);
  return new ConfigError('evaluate.tiles-invalid', `${file} cannot be used:\n${shown.join('\n')}`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('evaluate.data-missing', `${file} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(file, [`it is not JSON: ${errorMessage(cause)}`]);
  }
}
