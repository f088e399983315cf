import { across, add, dot, lengthOf, minus, times, unit, type Vector3 } from './vector3.js';

/**
 * The knee or elbow between two ends (law of cosines): `upper` metres from `from`, `lower` metres from `to`, bent towards
 * `hint`. Ends too far apart stretch both parts alike.
 */
export function bendJoint(from: Vector3, to: Vector3, upper: number, lower: number, hint: Vector3): Vector3 {
  const way = minus(to, from);
  const distance = lengthOf(way);
  const axis = unit(way);
  const stretch = Math.max(distance / (upper + lower), 1);
  const [a, b] = [upper * stretch, lower * stretch];
  const d = Math.max(distance, Math.abs(a - b) + 1e-6);
  const along = (a * a - b * b + d * d) / (2 * d);
  const aside = Math.sqrt(Math.max(a * a - along * along, 0));
  const towards = dot(hint, hint) > 0 ? across(hint, axis) : axis;
  return add(from, add(times(axis, along), times(towards, aside)));
}
