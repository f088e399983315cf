import { add, cross, dot, minus, times, unit, up, type Vector3 } from './vector3.js';

/** Linear colour at a point of a surface, metres along its two axes, into `out`; above 1 only for lamps and daylight. */
export type Texture = (u: number, v: number, out: Float32Array) => void;

/** A flat polygon of the room, seen from the side that its normal points to. */
export interface Face {
  readonly origin: Vector3;
  readonly u: Vector3;
  readonly v: Vector3;
  readonly normal: Vector3;
  readonly corners: readonly Vector3[];
  readonly texture: Texture;
  readonly isFloor: boolean;
  /** Shines by itself: lamps, windows, screens. */
  readonly glows: boolean;
  /** Shows what stands before it, where the renderer draws reflections. */
  readonly isMirror?: boolean;
}

/** A rectangle that stands on the line from a to b (seen from outside, a is on the left), from `bottom` to `top` metres. */
export function uprightFace(
  a: readonly [number, number],
  b: readonly [number, number],
  bottom: number,
  top: number,
  texture: Texture,
  glows = false,
): Face {
  const u = unit([b[0] - a[0], b[1] - a[1], 0]);
  const normal = cross(u, up);
  const origin: Vector3 = [a[0], a[1], bottom];
  const corners: Vector3[] = [origin, [b[0], b[1], bottom], [b[0], b[1], top], [a[0], a[1], top]];
  return { origin, u, v: up, normal, corners, texture, isFloor: false, glows };
}

/** A level polygon at a height; seen from above, or from below when `facesDown`. */
export function levelFace(
  outline: readonly (readonly [number, number])[],
  heightM: number,
  texture: Texture,
  options: { readonly isFloor?: boolean; readonly facesDown?: boolean; readonly glows?: boolean } = {},
): Face {
  const [first = [0, 0] as const] = outline;
  return {
    origin: [options.isFloor === true ? 0 : first[0], options.isFloor === true ? 0 : first[1], heightM],
    u: [1, 0, 0],
    v: [0, 1, 0],
    normal: [0, 0, options.facesDown === true ? -1 : 1],
    corners: outline.map(([x, y]): Vector3 => [x, y, heightM]),
    texture,
    isFloor: options.isFloor ?? false,
    glows: options.glows ?? false,
  };
}

/** A flat picture of a width and height that hangs or stands anywhere; `right` is its own reading direction. */
export function pictureFace(middle: Vector3, right: Vector3, widthM: number, heightM: number, texture: Texture): Face {
  const u = unit(right);
  const origin = add(middle, add(times(u, -widthM / 2), [0, 0, -heightM / 2]));
  const far = add(origin, times(u, widthM));
  const corners: Vector3[] = [origin, far, add(far, [0, 0, heightM]), add(origin, [0, 0, heightM])];
  return { origin, u, v: up, normal: cross(u, up), corners, texture, isFloor: false, glows: false };
}

/** Walls of an upright block over a floor polygon, either way round, outward, with its lid. */
export function blockFaces(
  polygon: readonly (readonly [number, number])[],
  heightM: number,
  sideTexture: (edge: number, lengthM: number) => Texture,
  topTexture: Texture,
  bottomM = 0,
): Face[] {
  let area = 0;
  polygon.forEach(([x, y], index) => {
    const [nx, ny] = polygon[(index + 1) % polygon.length] ?? [x, y];
    area += x * ny - nx * y;
  });
  const ordered = area >= 0 ? polygon : [...polygon].reverse();
  const sides = ordered.map((a, index) => {
    const b = ordered[(index + 1) % ordered.length] ?? a;
    return uprightFace(a, b, bottomM, heightM, sideTexture(index, Math.hypot(b[0] - a[0], b[1] - a[1])));
  });
  return [...sides, levelFace(ordered, heightM, topTexture)];
}

/** Whether the eye sees the front of the face at all. */
export function facesEye(face: Face, eye: Vector3): boolean {
  return dot(face.normal, minus(eye, face.origin)) > 1e-6;
}
