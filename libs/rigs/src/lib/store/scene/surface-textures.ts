import type { Colour } from './figure.js';
import type { Texture } from './face.js';

/** 0 to 1 from two whole numbers and a seed. */
export function speck(i: number, j: number, seed: number): number {
  let z = (Math.imul(i | 0, 0x27d4eb2d) ^ Math.imul(j | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1)) >>> 0;
  z = Math.imul(z ^ (z >>> 15), 0x2c1b3c6d) >>> 0;
  z = Math.imul(z ^ (z >>> 13), 0x297a2d39) >>> 0;
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
}

/** Value noise: smooth, 0 to 1, one bump per unit. */
export function mottle(x: number, y: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const fx = x - i;
  const fy = y - j;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const low = speck(i, j, seed) * (1 - sx) + speck(i + 1, j, seed) * sx;
  const high = speck(i, j + 1, seed) * (1 - sx) + speck(i + 1, j + 1, seed) * sx;
  return low * (1 - sy) + high * sy;
}

function put(out: Float32Array, colour: Colour, k: number): void {
  out[0] = colour[0] * k;
  out[1] = colour[1] * k;
  out[2] = colour[2] * k;
}

/** One colour with a little dirt. */
export function paint(colour: Colour, seed = 1, roughness = 0.08): Texture {
  return (u, v, out) => put(out, colour, 1 - roughness / 2 + roughness * mottle(u * 2.3, v * 2.3, seed));
}

export function tiles(colour: Colour, grout: Colour, sizeM: number, seed: number): Texture {
  return (u, v, out) => {
    const [a, b] = [u / sizeM, v / sizeM];
    const [i, j] = [Math.floor(a), Math.floor(b)];
    const edge = Math.min(a - i, 1 - (a - i), b - j, 1 - (b - j)) * sizeM;
    if (edge < 0.004) put(out, grout, 1);
    else put(out, colour, 0.9 + 0.1 * speck(i, j, seed) + 0.06 * (mottle(u * 5, v * 5, seed) - 0.5));
  };
}

export function chequers(colour: Colour, other: Colour, sizeM: number, seed: number): Texture {
  return (u, v, out) => {
    const [i, j] = [Math.floor(u / sizeM), Math.floor(v / sizeM)];
    put(out, (i + j) % 2 === 0 ? colour : other, 0.94 + 0.1 * mottle(u * 4, v * 4, seed));
  };
}

export function planks(colour: Colour, seed: number): Texture {
  return (u, v, out) => {
    const row = Math.floor(v / 0.16);
    const shifted = u + speck(row, 3, seed) * 1.4;
    const plank = Math.floor(shifted / 1.4);
    const seam = v / 0.16 - row < 0.035 || shifted / 1.4 - plank < 0.004;
    const grain = mottle(u * 3 + plank * 7, v * 60 + row * 13, seed);
    put(out, colour, (seam ? 0.55 : 1) * (0.72 + 0.34 * speck(row, plank, seed) * 0.7 + 0.2 * grain));
  };
}

export function carpet(colour: Colour, other: Colour, seed: number): Texture {
  return (u, v, out) => {
    const fibre = speck(Math.floor(u * 90), Math.floor(v * 90), seed);
    const figured = (Math.floor(u / 0.5) + Math.floor(v / 0.5)) % 2 === 0;
    put(out, figured ? colour : other, 0.8 + 0.3 * fibre);
  };
}

export function concrete(colour: Colour, seed: number): Texture {
  return (u, v, out) =>
    put(out, colour, 0.78 + 0.22 * mottle(u * 1.2, v * 1.2, seed) + 0.14 * mottle(u * 7, v * 7, seed + 1));
}

/** A shop wall: skirting below, a coloured band above head height. */
export function wallPaint(colour: Colour, band: Colour, seed: number): Texture {
  return (u, v, out) => {
    if (v < 0.1) put(out, [0.12, 0.11, 0.1], 1);
    else put(out, v > 2.3 && v < 2.7 ? band : colour, 0.93 + 0.07 * mottle(u * 1.7, v * 1.7, seed));
  };
}

export function bricks(colour: Colour, seed: number): Texture {
  return (u, v, out) => {
    const row = Math.floor(v / 0.075);
    const a = u / 0.24 + (row % 2) / 2;
    const i = Math.floor(a);
    const mortar = v / 0.075 - row < 0.13 || a - i < 0.045;
    put(out, mortar ? [0.5, 0.48, 0.45] : colour, mortar ? 0.9 : 0.7 + 0.45 * speck(i, row, seed));
  };
}

function hueShare(turns: number): number {
  return 0.06 + 0.5 * (0.5 + 0.5 * Math.cos(2 * Math.PI * turns));
}

export interface ShelfFacing {
  readonly topM: number;
  readonly lengthM: number;
  readonly board: Colour;
  /** 0 packets of one colour, 1 all colours. */
  readonly variety: number;
  readonly seed: number;
}

/** Goods on shelf boards: levels, facings of one article side by side, labels, the dark above them, a price rail below. */
export function shelfGoods({ topM, lengthM, board, variety, seed }: ShelfFacing): Texture {
  const levels = Math.max(Math.round((topM - 0.12) / 0.38), 1);
  const levelM = (topM - 0.12) / levels;
  return (u, v, out) => {
    if (u < 0.03 || u > lengthM - 0.03 || v < 0.12) return put(out, board, 0.8);
    const level = Math.floor((v - 0.12) / levelM);
    const inLevel = v - 0.12 - level * levelM;
    if (inLevel < 0.035) {
      const tag = speck(Math.floor(u / 0.13), level, seed + 5) < 0.7 && Math.abs(((u / 0.13) % 1) - 0.5) < 0.3;
      return put(out, tag && inLevel > 0.006 ? [0.85, 0.85, 0.8] : board, 1);
    }
    const block = Math.floor(u / 0.62);
    const within = u / 0.62 - block;
    const count = 3 + Math.floor(speck(block, level, seed) * 6);
    const unit = Math.floor(within * count);
    const tall = (0.5 + 0.4 * speck(block, level, seed + 1)) * levelM;
    if (inLevel - 0.035 > tall || speck(block * 16 + unit, level, seed + 2) < 0.06) {
      return put(out, [0.05, 0.045, 0.04], 1 - (0.5 * inLevel) / levelM);
    }
    const hue = variety * speck(block, level, seed + 3) + (1 - variety) * speck(seed, 1, 1);
    const pale = speck(block, level, seed + 4);
    const across = within * count - unit;
    const round = 0.72 + 0.28 * Math.sin(Math.PI * across);
    const share = (inLevel - 0.035) / tall;
    const label = share > 0.28 && share < 0.68 && across > 0.14 && across < 0.86;
    const k = (label ? 0.5 + 0.5 * speck(block, level, seed + 6) : pale) * round;
    const white = label && pale < 0.45 ? 0.55 : 0.1 * pale;
    out[0] = (hueShare(hue) * (0.35 + 0.65 * k) + white) * round * 0.9;
    out[1] = (hueShare(hue + 0.33) * (0.35 + 0.65 * k) + white) * round * 0.9;
    out[2] = (hueShare(hue + 0.67) * (0.35 + 0.65 * k) + white) * round * 0.9;
  };
}

/** Daylight through glass: street below, sky above, frames. */
export function daylight(widthM: number, heightM: number): Texture {
  return (u, v, out) => {
    const frame = u < 0.06 || u > widthM - 0.06 || v > heightM - 0.06 || v < 0.08 || Math.abs(u - widthM / 2) < 0.035;
    if (frame) return put(out, [0.16, 0.17, 0.18], 1);
    const sky = Math.min(v / heightM, 1);
    put(out, [0.72 + 0.35 * sky, 0.78 + 0.36 * sky, 0.84 + 0.4 * sky], 0.75 + 0.2 * mottle(u * 2, v * 3, 9));
  };
}

export function mirrorGlass(seed: number): Texture {
  return (u, v, out) => put(out, [0.33, 0.37, 0.4], 0.7 + 0.3 * mottle(u * 0.8 + v * 0.5, v * 0.4, seed));
}

/** Ceiling panels of 60 cm; some of them are lamps. */
export function ceilingPanels(seed: number, everyM: number): Texture {
  return (u, v, out) => {
    const [i, j] = [Math.floor(u / 0.6), Math.floor(v / 0.6)];
    const step = Math.max(Math.round(everyM / 0.6), 2);
    const lamp = i % step === 0 && j % step < 2;
    const seam = u / 0.6 - i < 0.03 || v / 0.6 - j < 0.03;
    if (lamp && !seam) return put(out, [1.5, 1.5, 1.45], 1);
    put(out, [0.5, 0.5, 0.49], seam ? 0.7 : 0.92 + 0.08 * speck(i, j, seed));
  };
}
