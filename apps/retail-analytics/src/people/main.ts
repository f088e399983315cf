import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createRandom, errorMessage, silentLogger, systemClock, type Detection } from '@edge-blueprints/contracts';
import { encodePng } from '@edge-blueprints/cameras';
import { readTrustedKeys } from '@edge-blueprints/inference';
import type { Picture } from '@edge-blueprints/vision';
import { drawPeople } from './draw-people.js';
import { footage } from './footage.js';
import { readLabelled } from './labelled-people.js';
import { runLabelled } from './labelled-run.js';
import type { LabelledFrame } from './mot17-frames.js';
import { parsePeopleOptions, peopleHelp, type PeopleOptions } from './options.js';
import { openPeopleModel, type PeopleModel } from './people-model.js';
import type { PeopleScore } from './people-score.js';

const ownKeys = join(import.meta.dirname, '../../../../models/bundles/trusted-keys.json');

async function people(options: PeopleOptions): Promise<void> {
  const { bundle, pose, variant, out } = options;
  const trustedKeys = await readTrustedKeys(options.trustedKeys);
  const data = options.data === 'mot17' ? join(process.env['EDGE_DATA'] ?? '../shared/data', 'mot17') : options.data;
  const given = { ...options, data };
  const model = await openPeopleModel({ bundle, pose, variant, trustedKeys, clock: systemClock });
  try {
    if (out !== undefined) await mkdir(out, { recursive: true });
    const frames = await readLabelled(data);
    const figures = frames === undefined ? await looked(model, given) : await labelled(model, given, frames);
    if (out !== undefined) await writeWhole(join(out, 'people.json'), `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await model.dispose();
  }
}

async function labelled(model: PeopleModel, options: PeopleOptions, frames: readonly LabelledFrame[]): Promise<object> {
  const oneSet = new Set(frames.map(({ name }) => name.split('/')[0])).size === 1;
  const run = await runLabelled(model, frames, oneSet ? options.limit : 1, (name, picture, detections) =>
    overlay(model, options, name, picture, detections),
  );
  console.log(`${model.name}, ${model.variant}: people at overlap above 0.5`);
  const row = (name: string, score: PeopleScore) => {
    const { frames, people: asked, ap, bestThreshold, precision, recall } = score;
    const best = `best F at ${short(bestThreshold)}: precision ${short(precision)}, recall ${short(recall)}`;
    console.log(
      `${name.padEnd(18)} ${String(frames).padStart(3)} pictures ${String(asked).padStart(4)} people  AP ${short(ap)}  ${best}`,
    );
  };
  for (const [name, score] of Object.entries(run.bySequence)) row(name, score);
  row('all', run.all);
  console.log(`median run ${run.medianRunMs.toFixed(1)} ms on one thread, detector alone, ${run.all.frames} runs`);
  return { bundle: model.name, variant: model.variant, data: basename(options.data), ...run };
}

async function looked(model: PeopleModel, options: PeopleOptions): Promise<object> {
  const { data: path, width, height, every, limit } = options;
  const surroundings = { clock: systemClock, random: createRandom(1), logger: silentLogger };
  const threshold = options.threshold ?? model.threshold;
  const pictures: { readonly name: string; readonly people: number }[] = [];
  for await (const frame of footage({ path, width, height, every, limit, surroundings })) {
    const { detections } = await model.find(frame, threshold);
    const found = detections.filter(({ score }) => score >= threshold).length;
    console.log(`${frame.name}: ${found} people from ${threshold}`);
    pictures.push({ name: frame.name, people: found });
    await overlay(model, options, frame.name, frame, detections);
  }
  console.log('No labels: nothing is scored, look at the pictures.');
  return { bundle: model.name, variant: model.variant, data: basename(path), threshold, pictures };
}

async function overlay(
  model: PeopleModel,
  options: PeopleOptions,
  name: string,
  picture: Picture,
  detections: readonly Detection[],
): Promise<void> {
  if (options.out === undefined) return;
  const threshold = options.threshold ?? model.threshold;
  const drawn = drawPeople(
    picture,
    detections.filter(({ score }) => score >= threshold),
    model.keypoints,
  );
  await writeWhole(join(options.out, `${name}.png`), (await encodePng(drawn)).bytes);
}

async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.draft`, content);
  await rename(`${file}.draft`, file);
}

const short = (value: number | null): string => (value === null ? 'none' : value.toFixed(3));

async function main(): Promise<void> {
  const options = parsePeopleOptions(process.argv.slice(2), ownKeys);
  if (options === 'help') console.log(peopleHelp);
  else await people(options);
}

main().catch((error: unknown) => {
  console.error(errorMessage(error));
  process.exitCode = 1;
});
