import type { FloorPolygon, Random } from '@edge-blueprints/contracts';
import type { Figure } from '../figure.js';
import { pixelToFloorMatrix } from '../pinhole-camera.js';
import { isInside } from '../room-light.js';
import type { PinholeCamera } from '../scene.js';
import { randomMannequin, randomPerson } from './random-person.js';

interface Ground {
  readonly camera: PinholeCamera;
  readonly widthM: number;
  readonly depthM: number;
  readonly footprints: readonly FloorPolygon[];
}

const farM = 16;

/** A free spot whose floor the camera sees, or nearly: evenly over the picture, not over the floor. */
export function freeSpot(
  random: Random,
  ground: Ground,
  taken: readonly Figure[],
  apartM: number,
): readonly [number, number] | undefined {
  const { camera, widthM, depthM, footprints } = ground;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = pixelToFloorMatrix(camera);
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const px = (random.next() * 1.3 - 0.15) * camera.width;
    const py = (random.next() * 1.35 - 0.05) * camera.height;
    const w = g * px + h * py + i;
    const [x, y] = [(a * px + b * py + c) / w, (d * px + e * py + f) / w];
    if (!(x > 0.3 && x < widthM - 0.3 && y > 0.3 && y < depthM - 0.3)) continue;
    if (Math.hypot(x - camera.xM, y - camera.yM) > farM) continue;
    // Nobody's head in the lens.
    if (camera.heightM < 2.3 && Math.hypot(x - camera.xM, y - camera.yM) < 0.7) continue;
    if (taken.some(({ xM, yM }) => Math.hypot(x - xM, y - yM) < apartM)) continue;
    if (footprints.some((polygon) => polygon.length > 3 && isBlocked(x, y, polygon))) continue;
    return [x, y];
  }
  return undefined;
}

function isBlocked(x: number, y: number, polygon: FloorPolygon): boolean {
  const r = 0.2;
  return [
    [0, 0],
    [r, 0],
    [-r, 0],
    [0, r],
    [0, -r],
  ].some(([dx = 0, dy = 0]) => isInside(x + dx, y + dy, polygon));
}

/** How many people a picture shows: one in ten none, most a few, some a crowd. */
export function randomHeadCount(random: Random): number {
  const kind = random.next();
  if (kind < 0.1) return 0;
  if (kind < 0.55) return random.integer(1, 5);
  return kind < 0.85 ? random.integer(5, 11) : random.integer(12, 25);
}

/** People alone, in groups that face each other, in a queue; mannequins and statues between them. */
export function randomCrowd(random: Random, ground: Ground): Figure[] {
  const figures: Figure[] = [];
  const count = randomHeadCount(random);
  const apart = count > 11 || random.next() < 0.3 ? 0.34 : 0.5;
  const tryAdd = (
    make: (place: Parameters<typeof randomPerson>[1]) => Figure,
    x: number,
    y: number,
    headingRad: number,
  ): void => {
    const free =
      x > 0.25 &&
      y > 0.25 &&
      x < ground.widthM - 0.25 &&
      y < ground.depthM - 0.25 &&
      !figures.some(({ xM, yM }) => Math.hypot(x - xM, y - yM) < apart) &&
      !ground.footprints.some((polygon) => polygon.length > 3 && isBlocked(x, y, polygon));
    if (free) figures.push(make({ id: random.integer(0, 2 ** 30), xM: x, yM: y, headingRad }));
  };
  const person = (place: Parameters<typeof randomPerson>[1]): Figure => randomPerson(random, place);
  while (figures.length < count) {
    const spot = freeSpot(random, ground, figures, apart);
    if (!spot) break;
    const [x, y] = spot;
    const habit = random.next();
    const heading = random.next() * 2 * Math.PI;
    tryAdd(person, x, y, heading);
    if (habit < 0.2) {
      const size = Math.min(random.integer(1, 3), count - figures.length);
      for (let index = 0; index < size; index += 1) {
        const around = random.next() * 2 * Math.PI;
        const reach = 0.4 + 0.5 * random.next();
        tryAdd(
          person,
          x + Math.cos(around) * reach,
          y + Math.sin(around) * reach,
          around + Math.PI + 0.5 * random.normal(),
        );
      }
    } else if (habit < 0.28) {
      const size = Math.min(random.integer(2, 5), count - figures.length);
      const line = heading + Math.PI;
      for (let index = 1; index <= size; index += 1) {
        const reach = index * (0.55 + 0.25 * random.next());
        const [qx, qy] = [x + Math.cos(line) * reach, y + Math.sin(line) * reach];
        tryAdd(
          (place) => ({ ...person(place), posture: 'stand', speedMps: 0, pushes: 'nothing' }),
          qx,
          qy,
          heading + 0.25 * random.normal(),
        );
      }
    }
  }
  const still = random.next() < 0.3 ? random.integer(1, 3) : 0;
  for (let index = 0; index < still; index += 1) {
    const spot = freeSpot(random, ground, figures, apart);
    if (spot) tryAdd((place) => randomMannequin(random, place), spot[0], spot[1], random.next() * 2 * Math.PI);
  }
  return figures;
}
