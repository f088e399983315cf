import { decodeImage, encodeJpeg, encodePng } from '@edge-blueprints/cameras';
import { createRandom, type Random } from '@edge-blueprints/contracts';
import { createLetterbox } from '@edge-blueprints/vision';
import { labelPeople, type PeopleLabel, type PersonLabel } from './scene/people-label.js';
import { randomLook } from './scene/random/random-scene.js';
import { createRoomRenderer, type RoomRenderer } from './scene/room-renderer.js';
import type { PinholeCamera } from './scene/scene.js';
import { plainDecor, storeRoom } from './scene/store-room.js';
import type { StoreCameraName } from './store-cameras.js';
import { createStore, type Store } from './store-simulation.js';

export interface StorePicturesOptions {
  readonly count: number;
  /** Of the first day. */
  readonly seed: number;
  /** Pictures of one day with its decoration and its hanging of the cameras. */
  readonly perDay: number;
  /** How far cameras hang from their place, degrees; twice as many centimetres. */
  readonly shake: number;
  /** How long a day has gone on when its first picture is taken, seconds: at random between these. */
  readonly livedS?: readonly [number, number];
  /** This one alone; all three in turn when left out. */
  readonly camera?: StoreCameraName | undefined;
}

export interface StorePicture {
  readonly label: PeopleLabel;
  /** PNG of what the model's input sees; four of ten went through JPEG before, as from a camera. */
  readonly png: Uint8Array;
}

const camera = { width: 640, height: 360 } as const;
const input = { width: 416, height: 240 } as const;

/** One day of the store with cameras hung a little differently. */
function openDay(
  seed: number,
  { shake, camera: only, livedS: [leastS, mostS] = [400, 900] }: StorePicturesOptions,
): { readonly store: Store; readonly renderers: readonly RoomRenderer[] } {
  const random = createRandom(seed).fork('day');
  const store = createStore({ seed, peoplePerHour: random.integer(90, 520), ...camera });
  if (random.next() < 0.3) store.setFault('mannequins', true);
  store.step(random.integer(leastS, mostS));
  const hung = (at: PinholeCamera): PinholeCamera => ({
    ...at,
    xM: at.xM + 0.02 * shake * random.normal(),
    yM: at.yM + 0.02 * shake * random.normal(),
    yawDeg: at.yawDeg + shake * random.normal(),
    pitchDeg: Math.min(90, at.pitchDeg + shake * random.normal()),
    rollDeg: at.rollDeg + 0.5 * shake * random.normal(),
  });
  const room = storeRoom(store.plan, plainDecor(seed % 16));
  const renderers = Object.values(store.cameras)
    .filter(({ id }) => only === undefined || id === only)
    .map((at) => createRoomRenderer(room, hung(at), { samples: 1, seed, everyLook: true }));
  return { store, renderers };
}

const letterbox = createLetterbox({
  ...{ srcWidth: camera.width, srcHeight: camera.height, format: 'rgb24' },
  ...{ dstWidth: input.width, dstHeight: input.height, channels: 3, layout: 'nhwc', dtype: 'uint8' },
  channelOrder: 'rgb',
});

/** A label in pixels of the model's input. */
function scaled(person: PersonLabel): PersonLabel {
  const { scaleX, scaleY, offsetX, offsetY } = letterbox.mapping;
  const across = (x: number): number => Math.round((x * scaleX + offsetX) * 10) / 10;
  const down = (y: number): number => Math.round((y * scaleY + offsetY) * 10) / 10;
  const [x0, y0, x1, y1] = person.box;
  const box: PersonLabel['box'] = [across(x0), down(y0), across(x1), down(y1)];
  return {
    ...person,
    box,
    keypoints: person.keypoints.map(([x, y, seen]): PersonLabel['keypoints'][number] =>
      seen === 0 ? [0, 0, 0] : [across(x), down(y), seen],
    ),
    ignore: person.ignore || Math.max(box[2] - box[0], box[3] - box[1]) < 12,
  };
}

async function coded(random: Random, pixels: Uint8Array): Promise<Uint8Array> {
  const picture = { ...input, format: 'rgb24', pixels } as const;
  if (random.next() < 0.6) return (await encodePng(picture)).bytes;
  const jpeg = await encodeJpeg(picture, random.integer(45, 92));
  return (await encodePng(await decodeImage(jpeg.bytes, 'rgb24'))).bytes;
}

/** Labelled pictures of the demo's own store on other days. Same options, same bytes. */
export async function* storePictures(options: StorePicturesOptions): AsyncGenerator<StorePicture> {
  const { count, seed, perDay } = options;
  const random = createRandom(seed).fork('pictures');
  let day = openDay(seed, options);
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && index % perDay === 0) day = openDay(seed + index / perDay, options);
    if (index % day.renderers.length === 0) day.store.step(random.integer(4, 40));
    const renderer = day.renderers[index % day.renderers.length];
    if (renderer === undefined) continue;
    const seen = new Uint8Array(camera.width * camera.height * 3);
    const figures = day.store.figures();
    renderer.render(figures, random.next() < 0.5 ? day.store.look() : randomLook(random, 'store'), index, seen);
    const pixels = new Uint8Array(letterbox.length);
    letterbox.write(seen, pixels);
    const { heightM, pitchDeg, horizontalFovDeg } = renderer.camera;
    const label: PeopleLabel = {
      image: `images/${String(index).padStart(6, '0')}.png`,
      ...input,
      camera: { heightM, pitchDeg, fovDeg: horizontalFovDeg },
      people: labelPeople(renderer, figures).map(scaled),
    };
    yield { label, png: await coded(random, pixels) };
  }
}
