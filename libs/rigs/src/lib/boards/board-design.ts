import { createRandom } from '@edge-blueprints/contracts';
import type { Random } from '@edge-blueprints/contracts';
import { boardSide, canvasMargin, canvasSide } from './board-geometry.js';
import type { BoardLayout, LayoutScale } from './board-layout.js';
import { createBoardLayout } from './board-layout.js';
import type { CopperMap } from './copper-map.js';
import { mapCopper } from './copper-map.js';
import { jitterEdges } from './edge-jitter.js';
import {
  addBusBundle,
  addChipPart,
  addLettering,
  addMeander,
  addPackage,
  addRoutes,
  addThroughHoles,
  addVias,
} from './layout-parts.js';
import { addIsolationChannels, addPour, addSolidBlock } from './layout-pours.js';
import type { OpenSite } from './open-sites.js';
import { findOpenSites } from './open-sites.js';

/** One product: its artwork and what the renderer needs to know about it. */
export interface BoardDesign {
  readonly seed: number;
  readonly productId: string;
  /** The golden template as scanned and binarised: 640x640 gray8, copper 0, bare board 255. */
  readonly template: Uint8Array;
  readonly copper: CopperMap;
  readonly openSites: readonly OpenSite[];
  /** Pixels of the canvas with room for an island of copper. */
  readonly bareSites: Int32Array;
  /** Pixels of the canvas with room for a hole. */
  readonly solidSites: Int32Array;
}

/** Deterministic in the seed. About 100 ms: routing, distance maps and the list of places where a defect can sit. */
export function createBoardDesign(seed: number): BoardDesign {
  const random = createRandom(seed).fork('board-design');
  const layout = createBoardLayout(random, chooseScale(random));
  compose(layout);
  for (const hole of layout.holes) layout.canvas.disc(hole.at, hole.radius, 0);
  const copper = mapCopper(layout.canvas.mask);
  const scanned = copper.mask.slice();
  jitterEdges(scanned, copper, { eroded: 0.06 + random.next() * 0.14, filled: 0.06 + random.next() * 0.14 }, random);
  return {
    seed,
    productId: `PCB-${String(seed).padStart(6, '0')}`,
    template: cropToPicture(scanned, { x: 0, y: 0 }),
    copper,
    openSites: findOpenSites(layout.traces, layout.canvas, copper, random),
    bareSites: sampleSites(copper.clearance, 24, random),
    solidSites: sampleSites(copper.depth, 15, random),
  };
}

/** The picture that a camera takes of a canvas which lies `shift` pixels off its nominal place. */
export function cropToPicture(mask: Uint8Array, shift: { readonly x: number; readonly y: number }): Uint8Array {
  const pixels = new Uint8Array(boardSide * boardSide);
  for (let y = 0; y < boardSide; y += 1) {
    const from = (y + canvasMargin - shift.y) * canvasSide + canvasMargin - shift.x;
    pixels.set(mask.subarray(from, from + boardSide), y * boardSide);
  }
  // Four pixels a step: 1 becomes 0 and 0 becomes 255, no byte carries into the next.
  const words = new Int32Array(pixels.buffer);
  for (let i = 0; i < words.length; i += 1) words[i] = ~Math.imul(words[i] ?? 0, 255);
  return pixels;
}

function chooseScale(random: Random): LayoutScale {
  return random.pick<LayoutScale>([
    { traceWidths: [5, 6, 6, 7], gap: 7, padSide: 16, holeRadius: 7 },
    { traceWidths: [7, 8, 9, 12], gap: 9, padSide: 22, holeRadius: 9 },
    { traceWidths: [8, 9, 14, 20], gap: 10, padSide: 28, holeRadius: 12 },
    { traceWidths: [9, 16, 24, 34], gap: 12, padSide: 36, holeRadius: 15 },
  ]);
}

type Step = readonly [times: readonly [number, number], add: (layout: BoardLayout) => void];

/** Kinds of artwork, by what the scans of real boards show. Steps run in this order, each a random number of times. */
const compositions: readonly [readonly Step[], ...(readonly Step[])[]] = [
  [
    [[1, 3], addBusBundle],
    [[0, 1], addPackage],
    [[1, 4], addThroughHoles],
    [[1, 3], addVias],
    [[0, 2], addLettering],
  ],
  [
    [[0, 1], addBusBundle],
    [[1, 3], addPackage],
    [[2, 8], addChipPart],
    [[1, 4], addVias],
    [[0, 2], addThroughHoles],
  ],
  [
    [[1, 4], addSolidBlock],
    [[2, 7], addThroughHoles],
    [[1, 6], addChipPart],
    [[0, 1], addVias],
    [[0, 2], addLettering],
  ],
  [
    [[1, 3], addMeander],
    [[0, 2], addBusBundle],
    [[2, 5], addVias],
    [[1, 5], addChipPart],
    [[0, 1], addPackage],
  ],
  [
    [[0, 2], addThroughHoles],
    [[1, 4], addChipPart],
    [[0, 1], addMeander],
    [[0, 3], addLettering],
  ],
];

function compose(layout: BoardLayout): void {
  const { random } = layout;
  if (random.next() < 0.12) {
    addIsolationChannels(layout);
    return;
  }
  for (const [[low, high], add] of random.pick(compositions)) {
    for (let times = random.integer(low, high); times > 0; times -= 1) add(layout);
  }
  addRoutes(layout, random.integer(6, 34));
  if (random.next() < 0.4) for (let times = random.integer(1, 2); times > 0; times -= 1) addPour(layout);
}

function sampleSites(distances: Uint16Array, atLeast: number, random: Random): Int32Array {
  const wanted = 4000;
  const found: number[] = [];
  for (let attempt = 0; attempt < wanted * 3 && found.length < wanted; attempt += 1) {
    const i = random.integer(0, distances.length - 1);
    if ((distances[i] ?? 0) >= atLeast) found.push(i);
  }
  return Int32Array.from(found);
}
