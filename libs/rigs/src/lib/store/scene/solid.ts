import type { Colour } from './figure.js';
import { across, cross, lengthOf, minus, times, unit, type Vector3 } from './vector3.js';

export type SolidPattern =
  'plain' | 'cloth' | 'stripes' | 'checks' | 'print' | 'skin' | 'face' | 'hair' | 'wire' | 'spokes';

export interface Material {
  readonly colour: Colour;
  readonly second: Colour;
  readonly pattern: SolidPattern;
  /** 0 matt to 1 polished. */
  readonly gloss: number;
  /** Shifts the pattern, so that two shirts of one kind differ. */
  readonly phase: number;
}

export const plain = (colour: Colour, gloss = 0): Material => ({
  colour,
  second: colour,
  pattern: 'plain',
  gloss,
  phase: 0,
});

/**
 * A body in its own frame: `round` is the hull of a ball of radius `ra` at the origin and one of radius `rb` at
 * (0, 0, length); `tube` the same without the balls, open at both ends; `box` reaches from -1 to 1 on all axes.
 * A room vector `p` is `axes[i] . (p - origin) / scale[i]` in the frame, so that a ball can be an ellipsoid.
 */
export interface Solid {
  readonly kind: 'round' | 'tube' | 'box';
  readonly origin: Vector3;
  readonly axes: readonly [Vector3, Vector3, Vector3];
  readonly scale: Vector3;
  readonly length: number;
  readonly ra: number;
  readonly rb: number;
  readonly material: Material;
}

interface Flattening {
  /** The direction that `wide` and `deep` refer to: the frame's x axis lies as near to it as it can. */
  readonly side: Vector3;
  readonly wide: number;
  readonly deep: number;
  /** Flattens the end balls along the axis. */
  readonly end?: number;
}

/** A tapered capsule from a to b. */
export function limb(a: Vector3, b: Vector3, ra: number, rb: number, material: Material, flat?: Flattening): Solid {
  return { kind: 'round', ...along(a, b, flat), ra, rb, material };
}

/** The open cone of a skirt or a coat from a down to b. */
export function tube(a: Vector3, b: Vector3, ra: number, rb: number, material: Material, flat?: Flattening): Solid {
  return { kind: 'tube', ...along(a, b, flat), ra, rb, material };
}

function along(
  a: Vector3,
  b: Vector3,
  flat: Flattening | undefined,
): Pick<Solid, 'origin' | 'axes' | 'scale' | 'length'> {
  const way = minus(b, a);
  const z = unit(way);
  const x = across(flat?.side ?? [0.3, 0.4, 0.2], z);
  const end = flat?.end ?? 1;
  return {
    origin: a,
    axes: [x, cross(z, x), z],
    scale: [flat?.wide ?? 1, flat?.deep ?? 1, end],
    length: lengthOf(way) / end,
  };
}

export function ellipsoid(
  origin: Vector3,
  forward: Vector3,
  upward: Vector3,
  radii: readonly [side: number, front: number, top: number],
  material: Material,
): Solid {
  const z = unit(upward);
  const y = across(forward, z);
  return { kind: 'round', origin, axes: [cross(y, z), y, z], scale: radii, length: 0, ra: 1, rb: 1, material };
}

/** Half sizes along side, forward and up. */
export function box(origin: Vector3, forward: Vector3, upward: Vector3, half: Vector3, material: Material): Solid {
  const z = unit(upward);
  const y = across(forward, z);
  return { kind: 'box', origin, axes: [cross(y, z), y, z], scale: half, length: 0, ra: 1, rb: 1, material };
}

/** The corners of a box, for its outline. */
export function boxCorners({ origin, axes, scale }: Solid): Vector3[] {
  return [-1, 1].flatMap((i) =>
    [-1, 1].flatMap((j) =>
      [-1, 1].map((k): Vector3 => {
        const [x, y, z] = [times(axes[0], i * scale[0]), times(axes[1], j * scale[1]), times(axes[2], k * scale[2])];
        return [origin[0] + x[0] + y[0] + z[0], origin[1] + x[1] + y[1] + z[1], origin[2] + x[2] + y[2] + z[2]];
      }),
    ),
  );
}
