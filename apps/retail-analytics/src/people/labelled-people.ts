import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { readMot17, type LabelledFrame } from './mot17-frames.js';

/** One picture of a data set of labelled people; other fields are the training's. */
const pictureSchema = z.object({
  image: z.string().min(1),
  people: z.array(
    z.object({
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      ignore: z.boolean(),
    }),
  ),
});

/** The file that makes a folder a data set of labelled people: one JSON object a line. */
const labelsFile = 'labels.jsonl';

/**
 * Labelled pictures: a folder of MOT17 sequences, or a data set with `labels.jsonl` and `images/`.
 * @returns undefined for anything else, which has no labels
 * @throws ConfigError `config.invalid` naming the line
 */
export async function readLabelled(path: string): Promise<readonly LabelledFrame[] | undefined> {
  const labels = join(path, labelsFile);
  if ((await stat(labels).catch(() => undefined)) !== undefined) return readDataSet(path, labels);
  return readMot17(path);
}

async function readDataSet(folder: string, labels: string): Promise<readonly LabelledFrame[]> {
  const lines = (await readFile(labels, 'utf8')).split('\n');
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const { image, people } = parseConfig(pictureSchema, parsed(line), `${labels}, line ${at + 1}`);
    const boxes = (ignored: boolean) =>
      people
        .filter(({ ignore }) => ignore === ignored)
        .map(({ box: [xMin, yMin, xMax, yMax] }) => ({ xMin, yMin, xMax, yMax }));
    return [
      { name: `data set/${image}`, file: join(folder, fileOf(image)), people: boxes(false), ignored: boxes(true) },
    ];
  });
}

/** Some data sets name the picture, some its path. */
const fileOf = (image: string): string => (image.includes('/') ? image : `images/${image}`);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
