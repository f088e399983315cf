import type { Random } from '@edge-blueprints/contracts';
import { levelFace, type Texture } from '../face.js';
import type { Colour } from '../figure.js';
import { createRoomRenderer } from '../room-renderer.js';
import type { Room } from '../room.js';
import type { PinholeCamera } from '../scene.js';
import { paint } from '../surface-textures.js';
import { uprightFace } from '../face.js';
import { clothColour, randomPerson } from './random-person.js';

const [width, height] = [72, 120];

/** A poster: a photograph of somebody before a coloured ground. Metres of its texture are the poster's own. */
export function posterOfPerson(random: Random, widthM: number, heightM: number): Texture {
  const ground: Colour = clothColour(random);
  const corners = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ] as const;
  const studio: Room = {
    widthM: 4,
    depthM: 4,
    faces: [levelFace(corners, 0, paint(ground), { isFloor: true }), uprightFace([4, 3], [0, 3], 0, 4, paint(ground))],
    solids: [],
    light: { ambient: 0.7, key: 0.5, direction: [0.3, -0.55, 0.78] },
    footprints: [],
    sunPatches: [],
    lamps: [],
  };
  const close = random.next() < 0.4;
  const camera: PinholeCamera = {
    id: 'poster',
    xM: 2,
    yM: close ? 0.9 : 0,
    heightM: close ? 1.5 : 1.1,
    yawDeg: 90,
    pitchDeg: 3,
    rollDeg: 0,
    horizontalFovDeg: close ? 40 : 44,
    width,
    height,
  };
  const person = randomPerson(random, {
    id: random.integer(0, 1e9),
    xM: 2,
    yM: 2,
    headingRad: -Math.PI / 2 + 0.6 * random.normal(),
  });
  const pixels = new Uint8Array(width * height * 3);
  const look = { light: 1, colourTemperatureK: 4500, sun: 0, noise: 0, blurPx: 0.4 };
  createRoomRenderer(studio, camera, { samples: 1, seed: 1 }).render(
    [{ ...person, pushes: 'nothing', posture: 'stand' }],
    look,
    0,
    pixels,
  );
  const linear = Float32Array.from(pixels, (value) => 0.85 * (value / 255) ** 2.2);
  return (u, v, out) => {
    const column = Math.min(Math.max(Math.floor((u / widthM) * width), 0), width - 1);
    const row = Math.min(Math.max(Math.floor((1 - v / heightM) * height), 0), height - 1);
    const from = (row * width + column) * 3;
    out[0] = linear[from] ?? 0;
    out[1] = linear[from + 1] ?? 0;
    out[2] = linear[from + 2] ?? 0;
  };
}
