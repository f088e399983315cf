import type { StoreFixture, StorePlan } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import { blockFaces, levelFace, uprightFace, type Face } from './face.js';
import type { Colour } from './figure.js';
import type { Room } from './room.js';
import { box, plain, type Solid } from './solid.js';
import * as surface from './surface-textures.js';
import { lengthOf, minus, unit, up } from './vector3.js';

/** What a shop is fitted out with; the same plan can be a grocery on tiles or a bookshop on planks. */
export interface StoreDecor {
  readonly floor: 'tiles' | 'planks' | 'carpet' | 'chequers' | 'concrete';
  readonly floorColour: Colour;
  readonly wallColour: Colour;
  readonly bandColour: Colour;
  readonly brickWalls: boolean;
  readonly boardColour: Colour;
  readonly ceilingM: number;
  readonly seed: number;
}

export const plainDecor = (seed: number): StoreDecor => ({
  floor: 'tiles',
  floorColour: [0.52, 0.5, 0.46],
  wallColour: [0.62, 0.6, 0.55],
  bandColour: [0.08, 0.3, 0.3],
  brickWalls: false,
  boardColour: [0.45, 0.45, 0.46],
  ceilingM: 3.4,
  seed,
});

export function floorTexture({ floor, floorColour, seed }: StoreDecor) {
  const darker: Colour = [floorColour[0] * 0.6, floorColour[1] * 0.6, floorColour[2] * 0.62];
  if (floor === 'tiles') return surface.tiles(floorColour, darker, 0.45, seed);
  if (floor === 'planks') return surface.planks(floorColour, seed);
  if (floor === 'carpet') return surface.carpet(floorColour, darker, seed);
  return floor === 'chequers' ? surface.chequers(floorColour, darker, 0.4, seed) : surface.concrete(floorColour, seed);
}

/** Builds the still part of a store's pictures from its plan. Metres and axes are the plan's. */
export function storeRoom(plan: StorePlan, decor: StoreDecor): Room {
  const { widthM, depthM } = plan;
  const random = createRandom(decor.seed);
  const corners = [
    [0, 0],
    [widthM, 0],
    [widthM, depthM],
    [0, depthM],
  ] as const;
  const wall = decor.brickWalls
    ? surface.bricks(decor.wallColour, decor.seed)
    : surface.wallPaint(decor.wallColour, decor.bandColour, decor.seed);
  const faces: Face[] = [levelFace(corners, 0, floorTexture(decor), { isFloor: true })];
  faces.push(
    levelFace(corners, decor.ceilingM, surface.ceilingPanels(decor.seed, 2.4), { facesDown: true, glows: true }),
  );
  corners.forEach((a, index) => {
    const b = corners[(index + 1) % corners.length] ?? a;
    faces.push(uprightFace(b, a, 0, decor.ceilingM, wall));
  });
  const solids: Solid[] = [];
  for (const fixture of plan.fixtures) {
    const built = fixtureFaces(fixture, plan, decor, random.integer(1, 1_000_000));
    faces.push(...built.faces);
    solids.push(...built.solids);
  }
  const lamps = [];
  for (let y = 1.5; y < depthM; y += 2.4) for (let x = 1.2; x < widthM; x += 2.4) lamps.push({ xM: x, yM: y });
  return {
    widthM,
    depthM,
    faces,
    solids,
    light: { ambient: 0.62, key: 0.5, direction: unit([0.25, -0.35, 0.9]) },
    footprints: [
      ...plan.fixtures.filter(({ kind }) => kind !== 'door').map(({ polygon }) => polygon),
      ...corners.map((a, index) =>
        [a, corners[(index + 1) % corners.length] ?? a, a].map(([x, y]): [number, number] => [x, y]),
      ),
    ],
    sunPatches: plan.fixtures.filter(({ kind }) => kind === 'door').map((door) => sunPatch(door, plan)),
    lamps,
  };
}

/** The sun through a door lies slanted on the floor behind it. */
function sunPatch({ polygon }: StoreFixture, { widthM, depthM }: StorePlan): [number, number][] {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (x1 - x0 >= y1 - y0) {
    const [near, far] = (y0 + y1) / 2 < depthM / 2 ? [y1, y1 + 1.9] : [y0, y0 - 1.9];
    return [
      [x0 + 0.1, near],
      [x1 - 0.1, near],
      [x1 + 0.8, far],
      [x0 + 1, far],
    ];
  }
  const [near, far] = (x0 + x1) / 2 < widthM / 2 ? [x1, x1 + 1.9] : [x0, x0 - 1.9];
  return [
    [near, y0 + 0.1],
    [near, y1 - 0.1],
    [far, y1 + 0.8],
    [far, y0 + 1],
  ];
}

function fixtureFaces(
  { kind, polygon, heightM }: StoreFixture,
  plan: StorePlan,
  decor: StoreDecor,
  seed: number,
): { readonly faces: readonly Face[]; readonly solids: readonly Solid[] } {
  const random = createRandom(seed);
  const tone = (low: number, high: number): number => low + (high - low) * random.next();
  const own: Colour = [tone(0.1, 0.6), tone(0.1, 0.5), tone(0.1, 0.5)];
  switch (kind) {
    case 'shelf': {
      const facing = (edge: number, lengthM: number) =>
        lengthM < 0.7
          ? surface.paint(decor.boardColour, seed)
          : surface.shelfGoods({ topM: heightM, lengthM, board: decor.boardColour, variety: 1, seed: seed + edge });
      return { faces: blockFaces(polygon, heightM, facing, surface.paint([0.2, 0.2, 0.21], seed)), solids: [] };
    }
    case 'till': {
      const band: Colour = [0.05, 0.05, 0.055];
      const faces = blockFaces(polygon, heightM, () => surface.wallPaint(own, own, seed), surface.paint(band, seed));
      const [cx, cy] = middleOf(polygon);
      const screen = plain([0.04, 0.05, 0.07], 0.6);
      return {
        faces,
        solids: [
          box([cx, cy, heightM + 0.22], [0.3, 1, 0], up, [0.17, 0.02, 0.13], screen),
          box([cx, cy, heightM + 0.05], [0, 1, 0], up, [0.04, 0.04, 0.05], screen),
        ],
      };
    }
    case 'display': {
      const faces = blockFaces(
        polygon,
        heightM,
        () => surface.paint(own, seed),
        surface.paint([0.45, 0.4, 0.33], seed),
      );
      // Nobody piles goods on a podium.
      return { faces, solids: heightM < 0.3 ? [] : goodsOn(polygon, heightM, seed) };
    }
    case 'door':
      return { faces: doorFaces(polygon, heightM, plan), solids: [] };
    case 'mirror': {
      const sides = blockFaces(polygon, heightM, () => surface.mirrorGlass(seed), surface.paint(own, seed), 0.15);
      const isWide = ({ corners: [a, b] }: Face): boolean =>
        a !== undefined && b !== undefined && lengthOf(minus(b, a)) > 0.4;
      return { faces: sides.map((face) => ({ ...face, isMirror: face.normal[2] === 0 && isWide(face) })), solids: [] };
    }
    default: {
      const wall = decor.brickWalls
        ? surface.bricks(decor.wallColour, seed)
        : surface.wallPaint(decor.wallColour, decor.bandColour, seed);
      return { faces: blockFaces(polygon, heightM, () => wall, surface.paint(decor.wallColour, seed)), solids: [] };
    }
  }
}

/** Glass towards the street and a mat before it. */
function doorFaces(polygon: StoreFixture['polygon'], heightM: number, { widthM, depthM }: StorePlan): Face[] {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const gap = 0.02;
  const glass = surface.daylight(Math.max(x1 - x0, y1 - y0), heightM);
  const mat = surface.carpet([0.09, 0.09, 0.1], [0.07, 0.07, 0.08], 5);
  if (x1 - x0 >= y1 - y0) {
    const front = (y0 + y1) / 2 < depthM / 2;
    const y = front ? Math.max(y0, gap) : Math.min(y1, depthM - gap);
    const face = front
      ? uprightFace([x1, y], [x0, y], 0, heightM, glass, true)
      : uprightFace([x0, y], [x1, y], 0, heightM, glass, true);
    const [m0, m1] = front ? [y, y + 1.1] : [y - 1.1, y];
    return [
      face,
      levelFace(
        [
          [x0, m0],
          [x1, m0],
          [x1, m1],
          [x0, m1],
        ],
        0.004,
        mat,
        { isFloor: true },
      ),
    ];
  }
  const onLeft = (x0 + x1) / 2 < widthM / 2;
  const x = onLeft ? Math.max(x0, gap) : Math.min(x1, widthM - gap);
  const face = onLeft
    ? uprightFace([x, y0], [x, y1], 0, heightM, glass, true)
    : uprightFace([x, y1], [x, y0], 0, heightM, glass, true);
  const [m0, m1] = onLeft ? [x, x + 1.1] : [x - 1.1, x];
  return [
    face,
    levelFace(
      [
        [m0, y0],
        [m1, y0],
        [m1, y1],
        [m0, y1],
      ],
      0.004,
      mat,
      { isFloor: true },
    ),
  ];
}

export function middleOf(polygon: readonly (readonly [number, number])[]): [number, number] {
  const n = Math.max(polygon.length, 1);
  return [polygon.reduce((sum, [x]) => sum + x, 0) / n, polygon.reduce((sum, [, y]) => sum + y, 0) / n];
}

/** Piles on a display table. */
function goodsOn(polygon: StoreFixture['polygon'], heightM: number, seed: number): Solid[] {
  const random = createRandom(seed);
  const [cx, cy] = middleOf(polygon);
  const solids: Solid[] = [];
  for (let index = 0; index < 22; index += 1) {
    const [px, py] = polygon[random.integer(0, polygon.length - 1)] ?? [cx, cy];
    const [qx, qy] = polygon[random.integer(0, polygon.length - 1)] ?? [cx, cy];
    const [a, b] = [random.next() * 0.8, random.next()];
    const x = cx + (px * b + qx * (1 - b) - cx) * a;
    const y = cy + (py * b + qy * (1 - b) - cy) * a;
    const tall = 0.04 + 0.09 * random.next();
    const colour: Colour = [0.05 + 0.7 * random.next(), 0.05 + 0.6 * random.next(), 0.05 + 0.6 * random.next()];
    solids.push(
      box(
        [x, y, heightM + tall],
        [Math.cos(index), Math.sin(index), 0],
        up,
        [0.05 + 0.07 * random.next(), 0.05 + 0.1 * random.next(), tall],
        plain(colour, 0.15),
      ),
    );
  }
  return solids;
}
