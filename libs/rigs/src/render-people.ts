import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage, encodeJpeg, encodePng } from '@edge-blueprints/cameras';
import { createRandom, errorMessage, parseConfig, type Random } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { labelPeople, type PeopleLabel } from './lib/store/scene/people-label.js';
import { wearPicture } from './lib/store/scene/random/picture-wear.js';
import { randomCrowd } from './lib/store/scene/random/random-crowd.js';
import { obstaclesOf, randomLook, randomScene, type RandomScene } from './lib/store/scene/random/random-scene.js';

const help = `Renders pictures of people in rooms, from above and at an angle, with boxes and nine body points.

  render-people --out DIR [--count 2000] [--seed 7] [--width 416] [--height 240] [--store-share 0.35] [--per-scene 3]

  --out DIR          images/000000.png and labels.jsonl, one line a picture
  --count N          pictures
  --seed N           same seed, same pictures
  --width, --height  pixels
  --store-share S    share of rooms, cameras and light as in the demo's store, 0 to 1; the rest is anything
  --per-scene N      pictures of one room and camera, each with other people and other light
`;

const optionsSchema = z.strictObject({
  out: z.string().min(1),
  count: z.coerce.number().int().min(1).max(1_000_000).default(2000),
  seed: z.coerce.number().int().min(0).default(7),
  width: z.coerce.number().int().min(64).max(2048).default(416),
  height: z.coerce.number().int().min(64).max(2048).default(240),
  'store-share': z.coerce.number().min(0).max(1).default(0.35),
  'per-scene': z.coerce.number().int().min(1).max(100).default(3),
});

/** The picture's bytes as the data set keeps them: half of them went through a camera's JPEG coder. */
async function developed(random: Random, pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  wearPicture(random, pixels, width, height);
  const picture = { width, height, format: 'rgb24', pixels } as const;
  const quality = random.integer(22, 92);
  if (random.next() < 0.5) return (await encodePng(picture)).bytes;
  return (await encodePng(await decodeImage((await encodeJpeg(picture, quality)).bytes, 'rgb24'))).bytes;
}

async function store(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

async function main(): Promise<void> {
  const names = ['out', 'count', 'seed', 'width', 'height', 'store-share', 'per-scene'] as const;
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
    },
  });
  const { help: wantsHelp, ...given } = values;
  if (wantsHelp === true) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of render-people');
  const { width, height } = options;
  await mkdir(join(options.out, 'images'), { recursive: true });
  const randoms = createRandom(options.seed);
  const lines: string[] = [];
  const totals = { people: 0, ignored: 0, empty: 0, children: 0 };
  const begun = performance.now();
  let scene: RandomScene | undefined;
  for (let index = 0; index < options.count; index += 1) {
    if (!scene || index % options['per-scene'] === 0) {
      const random = createRandom(options.seed).fork(`scene-${String(index)}`);
      scene = randomScene(random, random.next() < options['store-share'] ? 'store' : 'any', { width, height });
    }
    const random = randoms.fork(`picture-${String(index)}`);
    const { renderer, room, like } = scene;
    const { camera } = renderer;
    const ground = { camera, widthM: room.widthM, depthM: room.depthM, footprints: obstaclesOf(room) };
    const figures = randomCrowd(random, ground);
    const pixels = new Uint8Array(width * height * 3);
    renderer.render(figures, randomLook(random, like), index, pixels);
    const image = `images/${String(index).padStart(6, '0')}.png`;
    const label: PeopleLabel = {
      image,
      width,
      height,
      camera: { heightM: camera.heightM, pitchDeg: camera.pitchDeg, fovDeg: camera.horizontalFovDeg },
      people: labelPeople(renderer, figures),
    };
    await store(join(options.out, image), await developed(random, pixels, width, height));
    lines.push(`${JSON.stringify(label)}\n`);
    totals.people += label.people.length;
    totals.ignored += label.people.filter(({ ignore }) => ignore).length;
    totals.children += label.people.filter(({ kind }) => kind === 'child').length;
    totals.empty += label.people.length === 0 ? 1 : 0;
    if ((index + 1) % 250 === 0) process.stderr.write(`${String(index + 1)} of ${String(options.count)} pictures\n`);
  }
  await store(join(options.out, 'labels.jsonl'), lines.join(''));
  const msPerPicture = Number(((performance.now() - begun) / options.count).toFixed(1));
  process.stdout.write(`${JSON.stringify({ pictures: options.count, ...totals, msPerPicture })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
