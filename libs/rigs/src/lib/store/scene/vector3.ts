/** Metres in the room: x and y on the floor plan, z up. */
export type Vector3 = readonly [x: number, y: number, z: number];

export const up: Vector3 = [0, 0, 1];

export const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vector3, k: number): Vector3 => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const lengthOf = (a: Vector3): number => Math.sqrt(dot(a, a));
export const unit = (a: Vector3): Vector3 => times(a, 1 / Math.max(lengthOf(a), 1e-9));
/** The point at share `t` of the way from a to b. */
export const between = (a: Vector3, b: Vector3, t: number): Vector3 => add(times(a, 1 - t), times(b, t));
/** The part of `a` at right angles to the unit vector `axis`, of length 1. */
export const across = (a: Vector3, axis: Vector3): Vector3 => {
  const rest = minus(a, times(axis, dot(a, axis)));
  if (dot(rest, rest) > 1e-8) return unit(rest);
  return unit(Math.abs(axis[2]) < 0.9 ? cross(axis, up) : cross(axis, [1, 0, 0]));
};
