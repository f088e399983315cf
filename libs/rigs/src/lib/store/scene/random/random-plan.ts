import type { FloorPolygon, Random, StoreFixture, StorePlan } from '@edge-blueprints/contracts';
import type { Colour } from '../figure.js';
import type { StoreDecor } from '../store-room.js';
import { clothColour } from './random-person.js';

const range = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

function rectangle(x: number, y: number, width: number, depth: number): FloorPolygon {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + depth],
    [x, y + depth],
  ];
}

function turned(x: number, y: number, width: number, depth: number, angle: number): FloorPolygon {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return rectangle(-width / 2, -depth / 2, width, depth).map(([a, b]): [number, number] => [
    x + a * c - b * s,
    y + a * s + b * c,
  ]);
}

/** A shop that somebody could have furnished: aisles, wall shelves, tills near the doors, tables. */
export function randomStorePlan(random: Random): StorePlan {
  const widthM = range(random, 7, 18);
  const depthM = range(random, 6, 14);
  const fixtures: Omit<StoreFixture, 'id'>[] = [];
  const doorX = range(random, 0.2, 0.6) * widthM;
  fixtures.push({ kind: 'door', polygon: rectangle(doorX, 0, range(random, 1.6, 3), 0.12), heightM: 2.3 });
  const aisle = range(random, 1.2, 2.4);
  const thick = range(random, 0.5, 1);
  const height = range(random, 1.2, 2.2);
  const slack = 0.9 + random.next();
  const [from, to] = [depthM * range(random, 0.35, 0.5), depthM - slack];
  for (let x = range(random, 1.2, 2.2); x + thick < widthM * range(random, 0.6, 0.95); x += aisle + thick) {
    fixtures.push({ kind: 'shelf', polygon: rectangle(x, from, thick, Math.max(to - from, 1)), heightM: height });
  }
  if (random.next() < 0.7) {
    fixtures.push({ kind: 'shelf', polygon: rectangle(0.02, 2, 0.5, depthM - 2.6), heightM: range(random, 1.8, 2.3) });
  }
  if (random.next() < 0.5) {
    fixtures.push({ kind: 'shelf', polygon: rectangle(1, depthM - 0.5, widthM - 2, 0.48), heightM: 2.1 });
  }
  if (random.next() < 0.5) {
    // Rails that lead everybody in past the doors.
    fixtures.push({ kind: 'wall', polygon: rectangle(doorX - 0.12, 0.1, 0.1, 2), heightM: 1.05 });
    fixtures.push({ kind: 'wall', polygon: rectangle(doorX + 3, 0.1, 0.1, 2), heightM: 1.05 });
  }
  const tills = random.integer(0, 3);
  for (let index = 0; index < tills; index += 1) {
    const x = widthM - 1.3 - index * 1.8;
    if (x <= doorX + 3) continue;
    fixtures.push({ kind: 'till', polygon: rectangle(x, 1.8, 0.7, 1.6), heightM: 0.95 });
    if (random.next() < 0.5)
      fixtures.push({ kind: 'wall', polygon: rectangle(x - 0.95, 1.8, 0.1, 1.5), heightM: 0.95 });
  }
  for (let index = random.integer(0, 3); index > 0; index -= 1) {
    const [x, y] = [range(random, 1, widthM - 2.5), range(random, 1.4, Math.max(from - 1, 1.6))];
    fixtures.push({
      kind: 'display',
      polygon: rectangle(x, y, range(random, 0.7, 1.5), range(random, 0.6, 1.2)),
      heightM: range(random, 0.6, 1.1),
    });
  }
  return planOf(widthM, depthM, fixtures);
}

/** A room in which anything stands anywhere, at any angle and of any height. */
export function randomClutterPlan(random: Random): StorePlan {
  const widthM = range(random, 4, 16);
  const depthM = range(random, 4, 14);
  const kinds = ['shelf', 'shelf', 'display', 'wall', 'till', 'mirror'] as const;
  const fixtures: Omit<StoreFixture, 'id'>[] = [];
  for (let index = random.integer(0, 12); index > 0; index -= 1) {
    const kind = random.pick(kinds);
    const long = kind === 'display' ? range(random, 0.5, 1.6) : range(random, 0.6, 3.5);
    const [x, y] = [range(random, 0.5, widthM - 0.5), range(random, 0.5, depthM - 0.5)];
    const angle = random.next() < 0.5 ? 0 : range(random, 0, Math.PI);
    fixtures.push({
      kind,
      polygon: turned(x, y, long, kind === 'mirror' || kind === 'wall' ? 0.12 : range(random, 0.35, 1), angle),
      heightM: range(random, 0.4, 2.3),
    });
  }
  for (let index = random.integer(0, 2); index > 0; index -= 1) {
    fixtures.push({
      kind: 'door',
      polygon: rectangle(range(random, 0.3, widthM - 2.2), 0, range(random, 0.9, 2), 0.1),
      heightM: 2.1,
    });
  }
  return planOf(widthM, depthM, fixtures);
}

function planOf(widthM: number, depthM: number, fixtures: readonly Omit<StoreFixture, 'id'>[]): StorePlan {
  return {
    format: 'edge-store-plan/1',
    revision: 1,
    name: 'Random room',
    widthM,
    depthM,
    fixtures: fixtures.map((fixture, index) => ({ ...fixture, id: `f${String(index)}` })),
    zones: [],
    lines: [],
    queues: [],
    staffAreas: [],
    masks: [],
  };
}

export function randomDecor(random: Random, ceilingM: number): StoreDecor {
  const grey = (low: number, high: number): Colour => {
    const value = range(random, low, high);
    return [value * range(random, 0.92, 1.05), value, value * range(random, 0.8, 1.02)];
  };
  const floor = random.pick<StoreDecor['floor']>(['tiles', 'tiles', 'planks', 'carpet', 'chequers', 'concrete']);
  const wood: Colour = [range(random, 0.2, 0.5), range(random, 0.12, 0.3), range(random, 0.06, 0.16)];
  const loud = random.next() < 0.2;
  return {
    floor,
    floorColour: loud ? clothColour(random) : floor === 'planks' ? wood : grey(0.08, 0.7),
    wallColour: random.next() < 0.3 ? clothColour(random) : grey(0.2, 0.75),
    bandColour: clothColour(random),
    brickWalls: random.next() < 0.2,
    boardColour: random.next() < 0.3 ? wood : grey(0.1, 0.6),
    ceilingM,
    seed: random.integer(1, 2 ** 30),
  };
}
