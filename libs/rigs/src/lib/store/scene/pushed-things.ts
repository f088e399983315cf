import type { Colour, Figure } from './figure.js';
import { box, ellipsoid, limb, plain, type Material, type Solid } from './solid.js';
import { up, type Vector3 } from './vector3.js';

type Pushed = Exclude<Figure['pushes'], 'nothing'>;

/** Metres from the feet of who pushes to the handle: ahead, above the floor, and half the distance of the hands. */
export function handleOf(pushed: Pushed): { readonly ahead: number; readonly up: number; readonly half: number } {
  if (pushed === 'trolley') return { ahead: 0.48, up: 1.0, half: 0.2 };
  return pushed === 'pram' ? { ahead: 0.5, up: 1.02, half: 0.18 } : { ahead: 0.42, up: 0.94, half: 0.22 };
}

const metal: Colour = [0.42, 0.43, 0.45];
const rubber = plain([0.03, 0.03, 0.035]);

/** A thing on wheels. `xM`, `yM` are the middle of its handle on the floor, the heading is away from who pushes. */
export interface CartPlace {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly colour: Colour;
  /** 0 empty to 1 heaped. */
  readonly load: number;
  readonly seed: number;
}

/** The thing that a figure pushes, or the wheelchair that it sits in; nothing for everybody else. */
export function pushedSolids(figure: Figure): Solid[] {
  if (figure.pushes === 'nothing') return [];
  const sits = figure.posture === 'sit' && figure.pushes === 'wheelchair';
  const ahead = sits ? -0.3 : handleOf(figure.pushes).ahead;
  const seed = (Math.imul(figure.id + 7, 0x9e3779b1) >>> 8) & 0xffff;
  const place = {
    xM: figure.xM + Math.cos(figure.headingRad) * ahead,
    yM: figure.yM + Math.sin(figure.headingRad) * ahead,
    headingRad: figure.headingRad,
    colour: figure.body.bottom,
    load: (seed % 10) / 9,
    seed,
  };
  return cartSolids(figure.pushes, place);
}

export function cartSolids(pushed: Pushed, place: CartPlace): Solid[] {
  const forward: Vector3 = [Math.cos(place.headingRad), Math.sin(place.headingRad), 0];
  const at = (f: number, l: number, z: number): Vector3 => [
    place.xM + forward[0] * f - forward[1] * l,
    place.yM + forward[1] * f + forward[0] * l,
    z,
  ];
  const build: Build = { at, forward };
  if (pushed === 'trolley') return trolley(build, place);
  return pushed === 'pram' ? pram(build, place) : wheelchair(build);
}

interface Build {
  readonly forward: Vector3;
  at(f: number, l: number, z: number): Vector3;
}

function wheels({ at, forward }: Build, spots: readonly (readonly [number, number])[], radius: number): Solid[] {
  return spots.map(([f, l]) => ellipsoid(at(f, l, radius), forward, up, [0.018, radius, radius], rubber));
}

function trolley(build: Build, { load, seed }: CartPlace): Solid[] {
  const { at, forward } = build;
  const steel = plain(metal, 0.6);
  const wire: Material = { ...steel, pattern: 'wire' };
  const grips: readonly [Colour, ...Colour[]] = [
    [0.6, 0.05, 0.05],
    [0.05, 0.2, 0.55],
    [0.05, 0.4, 0.12],
    [0.75, 0.45, 0.03],
  ];
  const grip = plain(grips[seed % grips.length] ?? grips[0], 0.3);
  const goods = Array.from({ length: Math.round(load * 7) }, (_, index) => {
    const a = ((seed >> (index % 8)) % 7) / 6;
    const b = ((seed * (index + 3)) % 11) / 10;
    const c = ((seed * (index + 5)) % 13) / 12;
    const size: Vector3 = [0.06 + 0.06 * a, 0.05 + 0.07 * b, 0.05 + 0.07 * c];
    return box(
      at(0.15 + 0.5 * b, (a - 0.5) * 0.3, 0.52 + 0.12 * (index > 3 ? 1.6 : 0.5)),
      forward,
      up,
      size,
      plain([0.1 + 0.6 * c, 0.1 + 0.55 * a, 0.1 + 0.5 * b], 0.2),
    );
  });
  return [
    limb(at(0, 0.26, 1), at(0, -0.26, 1), 0.019, 0.019, grip),
    limb(at(0.02, 0.25, 0.98), at(0.12, 0.23, 0.5), 0.014, 0.014, steel),
    limb(at(0.02, -0.25, 0.98), at(0.12, -0.23, 0.5), 0.014, 0.014, steel),
    ...goods,
    box(at(0.43, 0, 0.71), forward, up, [0.26, 0.4, 0.24], wire),
    limb(at(0.12, 0.22, 0.46), at(0.05, 0.22, 0.14), 0.014, 0.014, steel),
    limb(at(0.12, -0.22, 0.46), at(0.05, -0.22, 0.14), 0.014, 0.014, steel),
    limb(at(0.05, 0.22, 0.15), at(0.82, 0.16, 0.15), 0.014, 0.014, steel),
    limb(at(0.05, -0.22, 0.15), at(0.82, -0.16, 0.15), 0.014, 0.014, steel),
    ...wheels(
      build,
      [
        [0.06, 0.23],
        [0.06, -0.23],
        [0.8, 0.17],
        [0.8, -0.17],
      ],
      0.06,
    ),
  ];
}

function pram(build: Build, { colour, seed }: CartPlace): Solid[] {
  const { at, forward } = build;
  const cloth: Material = { colour, second: colour, pattern: 'cloth', gloss: 0, phase: seed };
  const steel = plain([0.12, 0.12, 0.13], 0.5);
  return [
    limb(at(0, 0.2, 1.02), at(0, -0.2, 1.02), 0.016, 0.016, steel),
    limb(at(0, 0.2, 1.02), at(0.5, 0.22, 0.25), 0.013, 0.013, steel),
    limb(at(0, -0.2, 1.02), at(0.5, -0.22, 0.25), 0.013, 0.013, steel),
    limb(at(0.1, 0.22, 0.25), at(0.8, 0.2, 0.6), 0.013, 0.013, steel),
    limb(at(0.1, -0.22, 0.25), at(0.8, -0.2, 0.6), 0.013, 0.013, steel),
    ellipsoid(at(0.5, 0, 0.62), forward, up, [0.2, 0.38, 0.15], cloth),
    ellipsoid(at(0.36, 0, 0.78), forward, up, [0.21, 0.24, 0.22], cloth),
    box(at(0.45, 0, 0.3), forward, up, [0.18, 0.25, 0.06], steel),
    ...wheels(
      build,
      [
        [0.12, 0.25],
        [0.12, -0.25],
      ],
      0.14,
    ),
    ...wheels(
      build,
      [
        [0.82, 0.22],
        [0.82, -0.22],
      ],
      0.1,
    ),
  ];
}

function wheelchair(build: Build): Solid[] {
  const { at, forward } = build;
  const steel = plain([0.25, 0.26, 0.28], 0.6);
  const seat = plain([0.04, 0.045, 0.06]);
  const spokes: Material = { ...rubber, pattern: 'spokes' };
  return [
    ...[0.28, -0.28].map((l) => ellipsoid(at(0.22, l, 0.3), forward, up, [0.022, 0.3, 0.3], spokes)),
    ...wheels(
      build,
      [
        [0.66, 0.22],
        [0.66, -0.22],
      ],
      0.09,
    ),
    box(at(0.3, 0, 0.46), forward, up, [0.22, 0.22, 0.025], seat),
    box(at(0.08, 0, 0.7), forward, up, [0.21, 0.02, 0.22], seat),
    ...[0.23, -0.23].flatMap((l) => [
      limb(at(0.08, l, 0.94), at(0.08, l, 0.3), 0.014, 0.014, steel),
      limb(at(0, l, 0.94), at(0.09, l, 0.94), 0.018, 0.018, seat),
      limb(at(0.1, l, 0.64), at(0.42, l, 0.64), 0.02, 0.02, seat),
      limb(at(0.5, l, 0.45), at(0.7, l * 0.8, 0.12), 0.013, 0.013, steel),
    ]),
    box(at(0.74, 0, 0.12), forward, up, [0.17, 0.07, 0.012], steel),
  ];
}
