import type { Random } from '@edge-blueprints/contracts';
import type { BoardDesign } from './board-design.js';
import type { DefectLabel } from './board-geometry.js';
import { canvasSide } from './board-geometry.js';
import { brushStroke, wanderingLine } from './brush-stroke.js';
import type { Point } from './copper-canvas.js';
import { thirdsPerPixel } from './copper-map.js';

/** A proposed defect: pixels to turn into copper (1) or bare board (0), and two witnesses of what it must do. */
export interface DefectShape {
  readonly value: 0 | 1;
  readonly pixels: readonly number[];
  /** Canvas pixels that an open must part and a short must join. */
  readonly ends?: readonly [number, number];
}

/** Proposes one shape at a random place, or undefined where that place does not suit. `mask` is the board so far. */
export type ShapeDefect = (design: BoardDesign, mask: Uint8Array, random: Random) => DefectShape | undefined;

const pointOf = (i: number): Point => ({ x: i % canvasSide, y: Math.floor(i / canvasSide) });
const pixelAt = (x: number, y: number): number => Math.round(y) * canvasSide + Math.round(x);
const inside = (x: number, y: number): boolean => x >= 1 && y >= 1 && x < canvasSide - 1 && y < canvasSide - 1;
const between = (random: Random, low: number, high: number): number => low + random.next() * (high - low);
const sites = Array.from({ length: 16 }, (_, k) => (k * Math.PI) / 8);

function pickPixel(pixels: Int32Array, random: Random): number | undefined {
  return pixels.length === 0 ? undefined : pixels[random.integer(0, pixels.length - 1)];
}

/** The heading that leads away from the edge pixel fastest, by a distance map. */
function headingInto(distances: Uint16Array, at: Point): number {
  let best = 0;
  let deepest = -1;
  for (const angle of sites) {
    const x = at.x + Math.cos(angle) * 4;
    const y = at.y + Math.sin(angle) * 4;
    const depth = inside(x, y) ? (distances[pixelAt(x, y)] ?? 0) : 0;
    if (depth > deepest) {
      deepest = depth;
      best = angle;
    }
  }
  return best;
}

/** Pixels from `at` along `heading` for which `holds` stays true, at most `limit`. */
function march(at: Point, heading: number, limit: number, holds: (i: number) => boolean): number {
  let length = 0;
  while (length < limit) {
    const x = at.x + Math.cos(heading) * (length + 1);
    const y = at.y + Math.sin(heading) * (length + 1);
    if (!inside(x, y) || !holds(pixelAt(x, y))) break;
    length += 1;
  }
  return length;
}

/** A break across a trace: a slanted band with ragged lips, on wide traces with crumbs of copper left in it. */
export const shapeOpen: ShapeDefect = (design, _mask, random) => {
  const site = design.openSites[random.integer(0, Math.max(0, design.openSites.length - 1))];
  if (!site) return undefined;
  const slant = between(random, -0.8, 0.8);
  const half = between(random, 2.5, 8);
  const ragged = between(random, 0.4, 1.6);
  const crumbs = random.next() < 0.4 ? between(random, 0.03, 0.16) : 0;
  const reach = site.width / 2 + 3;
  const span = Math.ceil(reach + half + Math.abs(slant) * reach + 3);
  const pixels: number[] = [];
  for (let dy = -span; dy <= span; dy += 1) {
    for (let dx = -span; dx <= span; dx += 1) {
      const x = Math.round(site.x) + dx;
      const y = Math.round(site.y) + dy;
      if (!inside(x, y)) continue;
      const across = (x - site.x) * site.uy - (y - site.y) * site.ux;
      if (Math.abs(across) > reach) continue;
      const along = Math.abs((x - site.x) * site.ux + (y - site.y) * site.uy + slant * across);
      const lip = half + (random.next() - 0.5) * 2 * ragged;
      if (along > lip || (along < half - ragged - 2 && random.next() < crumbs)) continue;
      pixels.push(y * canvasSide + x);
    }
  }
  const clear = half + ragged + Math.abs(slant) * 2 + 3;
  return {
    value: 0,
    pixels,
    ends: [
      pixelAt(site.x - site.ux * clear, site.y - site.uy * clear),
      pixelAt(site.x + site.ux * clear, site.y + site.uy * clear),
    ],
  };
};

/** A bridge from an edge to the copper of another net. */
export const shapeShort: ShapeDefect = ({ copper }, _mask, random) => {
  const edge = pickPixel(copper.innerEdge, random);
  if (edge === undefined) return undefined;
  const start = pointOf(edge);
  const heading = headingInto(copper.clearance, start) + between(random, -0.5, 0.5);
  const gap = march(start, heading, 46, (i) => copper.mask[i] === 0);
  if (gap < 4 || gap === 46) return undefined;
  const at = (step: number, aside: number): Point => ({
    x: start.x + Math.cos(heading) * step - Math.sin(heading) * aside,
    y: start.y + Math.sin(heading) * step + Math.cos(heading) * aside,
  });
  const end = at(gap + 3, 0);
  if (!inside(end.x, end.y)) return undefined;
  const other = copper.nets[pixelAt(end.x, end.y)] ?? 0;
  if (other === 0 || other === copper.nets[edge]) return undefined;
  const bow = gap * between(random, -0.25, 0.25);
  const line = [at(-2, 0), at(gap * between(random, 0.3, 0.7), bow), end];
  return {
    value: 1,
    pixels: brushStroke(line, between(random, 1.5, 3.4), between(random, 0.1, 0.7), random),
    ends: [edge, pixelAt(end.x, end.y)],
  };
};

/** A bite out of an edge that leaves the copper in one piece. */
export const shapeMousebite: ShapeDefect = ({ copper }, _mask, random) => {
  const edge = pickPixel(copper.innerEdge, random);
  if (edge === undefined) return undefined;
  const at = pointOf(edge);
  const heading = headingInto(copper.depth, at) + between(random, -0.8, 0.8);
  const thickness = march(at, heading, 40, (i) => copper.mask[i] === 1);
  const radius = between(random, 1.2, 3.4);
  const deepest = Math.min(17, thickness - radius - 2.5);
  if (deepest < 2) return undefined;
  const start = { x: at.x - Math.cos(heading) * radius, y: at.y - Math.sin(heading) * radius };
  const line = wanderingLine(start, heading, radius + between(random, deepest * 0.3 + 1, deepest), 0.6, random);
  const pixels = brushStroke(line, radius, between(random, 0.2, 1), random);
  if (random.next() < 0.35 && thickness > 12) {
    const beside = wanderingLine(
      { x: start.x + between(random, -5, 5), y: start.y + between(random, -5, 5) },
      heading,
      deepest,
      0.3,
      random,
    );
    pixels.push(...brushStroke(beside, 1.1, 0.3, random));
  }
  return { value: 0, pixels };
};

/** A tongue of copper that grows out of an edge and reaches nothing. */
export const shapeSpur: ShapeDefect = ({ copper }, _mask, random) => {
  const edge = pickPixel(copper.innerEdge, random);
  if (edge === undefined) return undefined;
  const at = pointOf(edge);
  const heading = headingInto(copper.clearance, at) + between(random, -0.5, 0.5);
  const room = march(at, heading, 30, (i) => copper.mask[i] === 0);
  const radius = between(random, 1.4, 3.8);
  const longest = Math.min(random.next() < 0.2 ? 30 : 16, room - radius - 4);
  if (longest < 3) return undefined;
  const line = wanderingLine(
    { x: at.x - Math.cos(heading), y: at.y - Math.sin(heading) },
    heading,
    between(random, 0.4 * longest + 1.5, longest) + 1,
    0.7,
    random,
  );
  const pixels = brushStroke(line, radius, between(random, 0.1, 0.7), random);
  const net = copper.nets[edge];
  const nearOther = pixels.some((i) => {
    for (let dy = -3; dy <= 3; dy += 1) {
      for (let dx = -3; dx <= 3; dx += 1) {
        const other = copper.nets[i + dy * canvasSide + dx] ?? 0;
        if (other !== 0 && other !== net) return true;
      }
    }
    return false;
  });
  return nearOther ? undefined : { value: 1, pixels };
};

/** An island of copper on bare board. */
export const shapeCopper: ShapeDefect = ({ copper, bareSites }, _mask, random) => {
  const site = pickPixel(bareSites, random);
  if (site === undefined) return undefined;
  const line = wanderingLine(
    pointOf(site),
    between(random, 0, 2 * Math.PI),
    between(random, 4, random.next() < 0.2 ? 34 : 20),
    1.4,
    random,
  );
  const pixels = brushStroke(line, between(random, 1.8, 4.2), between(random, 0.1, 0.8), random);
  const free = pixels.every((i) => (copper.clearance[i] ?? 0) > 3 * thirdsPerPixel);
  return free ? { value: 1, pixels } : undefined;
};

/** A hole with copper all around: a dot, a short scratch, or a patch of scratches. */
export const shapePinHole: ShapeDefect = ({ copper, solidSites }, _mask, random) => {
  const site = pickPixel(solidSites, random);
  if (site === undefined) return undefined;
  const heading = between(random, 0, 2 * Math.PI);
  const length = between(random, 3, random.next() < 0.2 ? 26 : 15);
  const radius = between(random, 1.2, 2.8);
  const roughness = between(random, 0.1, 0.9);
  const pixels = brushStroke(wanderingLine(pointOf(site), heading, length, 0.8, random), radius, roughness, random);
  if (random.next() < 0.35) {
    const at = pointOf(site);
    const beside = { x: at.x - Math.sin(heading) * (radius + 2.5), y: at.y + Math.cos(heading) * (radius + 2.5) };
    pixels.push(...brushStroke(wanderingLine(beside, heading, length * 0.8, 0.3, random), 1, 0.6, random));
  }
  const enclosed = pixels.every((i) => (copper.depth[i] ?? 0) > 3 * thirdsPerPixel);
  return enclosed ? { value: 0, pixels } : undefined;
};

export const shapeOf: Readonly<Record<DefectLabel, ShapeDefect>> = {
  open: shapeOpen,
  short: shapeShort,
  mousebite: shapeMousebite,
  spur: shapeSpur,
  copper: shapeCopper,
  'pin-hole': shapePinHole,
};
