import type { FloorPolygon, Random } from '@edge-blueprints/contracts';
import { pictureFace, type Face } from '../face.js';
import { createRoomRenderer, type RoomRenderer } from '../room-renderer.js';
import type { Room } from '../room.js';
import type { SceneLook } from '../scene.js';
import { box, plain, type Solid } from '../solid.js';
import { storeRoom } from '../store-room.js';
import { cartSolids } from '../pushed-things.js';
import { unit, up } from '../vector3.js';
import { posterOfPerson } from './flat-people.js';
import { randomCamera, storeCamera, type PictureSize } from './random-camera.js';
import { clothColour } from './random-person.js';
import { randomClutterPlan, randomDecor, randomStorePlan } from './random-plan.js';

export interface RandomScene {
  readonly renderer: RoomRenderer;
  readonly room: Room;
  readonly like: 'store' | 'any';
}

const range = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

/** One room with one camera. `like` a store keeps to light, furniture and mountings of the demo's store. */
export function randomScene(random: Random, like: 'store' | 'any', size: PictureSize): RandomScene {
  const plan = like === 'store' || random.next() < 0.5 ? randomStorePlan(random) : randomClutterPlan(random);
  const camera = (like === 'store' ? storeCamera : randomCamera)(random, plan, size);
  const base = storeRoom(plan, randomDecor(random, Math.max(range(random, 2.9, 4), camera.heightM + 0.15)));
  const wide = like === 'store' ? 0.3 : 1;
  const slant = unit([wide * random.normal() * 0.6, wide * random.normal() * 0.6 - 0.2, 1]);
  const litter = like === 'store' ? 0 : random.integer(0, 7);
  const room: Room = {
    ...base,
    light: { ambient: range(random, 0.35, 0.75), key: range(random, 0.25, 0.85), direction: slant },
    faces: [...base.faces, ...posters(random, plan, random.next() < 0.35 ? random.integer(1, 3) : 0)],
    solids: [...base.solids, ...clutter(random, plan, litter), ...emptyCarts(random, plan)],
    footprints: base.footprints,
  };
  return {
    renderer: createRoomRenderer(room, camera, { samples: 2, seed: random.integer(0, 2 ** 30), everyLook: true }),
    room,
    like,
  };
}

interface Size {
  readonly widthM: number;
  readonly depthM: number;
}

/** On walls, on stands in the room, life size and smaller. */
function posters(random: Random, { widthM, depthM }: Size, count: number): Face[] {
  return Array.from({ length: count }, () => {
    const tall = range(random, 0.7, 2);
    const wide = tall * 0.6;
    const texture = posterOfPerson(random, wide, tall);
    const onWall = random.next() < 0.65;
    const side = random.integer(0, 3);
    const along = range(random, 0.1, 0.9);
    const z = onWall ? range(random, tall / 2 + 0.3, 2.4) : tall / 2 + 0.02;
    if (!onWall) {
      const angle = random.next() * 2 * Math.PI;
      return pictureFace(
        [along * widthM, range(random, 0.1, 0.9) * depthM, z],
        [Math.cos(angle), Math.sin(angle), 0],
        wide,
        tall,
        texture,
      );
    }
    if (side === 0) return pictureFace([along * widthM, depthM - 0.03, z], [1, 0, 0], wide, tall, texture);
    if (side === 1) return pictureFace([along * widthM, 0.03, z], [-1, 0, 0], wide, tall, texture);
    if (side === 2) return pictureFace([0.03, along * depthM, z], [0, 1, 0], wide, tall, texture);
    return pictureFace([widthM - 0.03, along * depthM, z], [0, -1, 0], wide, tall, texture);
  });
}

function clutter(random: Random, { widthM, depthM }: Size, count: number): Solid[] {
  return Array.from({ length: count }, () => {
    const angle = random.next() * Math.PI;
    const tall = range(random, 0.1, 0.9);
    const half = [range(random, 0.08, 0.4), range(random, 0.08, 0.4), tall] as const;
    const at = [range(random, 0.4, widthM - 0.4), range(random, 0.4, depthM - 0.4), tall] as const;
    return box(at, [Math.cos(angle), Math.sin(angle), 0], up, half, {
      ...plain(clothColour(random), random.next() < 0.3 ? 0.4 : 0),
      second: clothColour(random),
      pattern: random.pick(['plain', 'plain', 'checks', 'stripes']),
    });
  });
}

function emptyCarts(random: Random, { widthM, depthM }: Size): Solid[] {
  const count = random.next() < 0.25 ? random.integer(1, 3) : 0;
  return Array.from({ length: count }, () =>
    cartSolids(random.pick(['trolley', 'trolley', 'trolley', 'pram', 'wheelchair']), {
      xM: range(random, 0.6, widthM - 0.6),
      yM: range(random, 0.6, depthM - 0.6),
      headingRad: random.next() * 2 * Math.PI,
      colour: clothColour(random),
      load: random.next() < 0.6 ? 0 : random.next(),
      seed: random.integer(0, 60_000),
    }),
  ).flat();
}

/** Light and sensor of one picture. */
export function randomLook(random: Random, like: 'store' | 'any'): SceneLook {
  const store = like === 'store';
  return {
    light: store ? range(random, 0.45, 1.25) : 0.15 + 1.45 * random.next() ** 1.2,
    colourTemperatureK: store ? range(random, 3200, 5600) : range(random, 2500, 8000),
    sun: random.next() < 0.35 ? random.next() : 0,
    noise: store ? range(random, 0.5, 4) : 9 * random.next() ** 2,
    blurPx: store ? range(random, 0, 0.7) : 1.5 * random.next() ** 2,
  };
}

/** Footprints that people keep off. */
export const obstaclesOf = ({ footprints, solids }: Room): FloorPolygon[] => [
  ...footprints,
  ...solids
    .filter(({ kind, origin, scale }) => kind === 'box' && origin[2] - scale[2] < 0.05)
    .map(({ origin, scale }): FloorPolygon => {
      const reach = Math.max(scale[0], scale[1]);
      const [x, y] = [origin[0], origin[1]];
      return [
        [x - reach, y - reach],
        [x + reach, y - reach],
        [x + reach, y + reach],
        [x - reach, y + reach],
      ];
    }),
];
