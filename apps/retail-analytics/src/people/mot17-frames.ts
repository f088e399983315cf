import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '@edge-blueprints/contracts';
import { listPictures } from '@edge-blueprints/cameras';
import { parseMot } from '@edge-blueprints/vision';

/** One labelled picture of people. */
export interface LabelledFrame {
  /** Sequence and picture, for people. */
  readonly name: string;
  readonly file: string;
  /** People that a detector must find. */
  readonly people: readonly Box[];
  /** Boxes that count neither way: hidden people, people in vehicles, statues, reflections, other things. */
  readonly ignored: readonly Box[];
}

/** MOT17: class 1 is a pedestrian; below this visibility a person is not asked for. */
const pedestrian = 1;
const leastVisibility = 0.3;

/**
 * The pictures that lie in the sequences of a MOT17 folder, each with its ground truth: class 1 with flag 1 and visibility
 * of at least 0.3 counts, all other boxes are ignored.
 * @returns undefined for a folder without sequences, and for a file
 */
export async function readMot17(folder: string): Promise<readonly LabelledFrame[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sequences = entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith('MOT17-'))
    .map((e) => e.name);
  if (sequences.length === 0) return undefined;
  const frames = await Promise.all(sequences.sort().map((sequence) => readSequence(folder, sequence)));
  return frames.flat();
}

async function readSequence(folder: string, sequence: string): Promise<readonly LabelledFrame[]> {
  const truthFile = join(folder, sequence, 'gt/gt.txt');
  const truth = parseMot(await readFile(truthFile, 'utf8'), truthFile, 'mot16');
  const pictures = await listPictures(join(folder, sequence, 'img1'));
  return pictures.map(({ name, file }) => {
    const here = truth.filter(({ frame }) => frame === Number(name));
    const asked = here.filter(
      ({ classIndex, confidence, visibility = 1 }) =>
        classIndex === pedestrian && confidence === 1 && visibility >= leastVisibility,
    );
    return {
      name: `${sequence}/${name}`,
      file,
      people: asked.map(({ box }) => box),
      ignored: here.filter((each) => !asked.includes(each)).map(({ box }) => box),
    };
  });
}
