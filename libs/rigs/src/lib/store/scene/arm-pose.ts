import type { Figure } from './figure.js';
import { bendJoint } from './bend-joint.js';
import { handleOf } from './pushed-things.js';
import type { Sides } from './skeleton.js';
import { trait } from './skeleton.js';
import { add, lengthOf, minus, times, unit, type Vector3 } from './vector3.js';

export interface Arms {
  readonly elbow: Sides<Vector3>;
  readonly wrist: Sides<Vector3>;
}

/** What the arms hang on; `at` takes forward, left and up metres from the feet into the room. */
export interface Trunk {
  readonly forward: Vector3;
  readonly leftward: Vector3;
  readonly spine: Vector3;
  readonly shoulder: Sides<Vector3>;
  readonly pelvis: Vector3;
  /** -1.6 to 1.6: the left leg in front at positive values. */
  readonly swing: number;
  at(forward: number, left: number, up: number): Vector3;
}

/** Where a hand goes: a place in the room, or an arm that hangs at an angle (radians, forward) with a bent elbow. */
type HandGoal = { readonly reach: Vector3 } | { readonly hang: number; readonly bend: number };

const hang = (angle: number, bend = 0.2): HandGoal => ({ hang: angle, bend });

function goalsOf(figure: Figure, trunk: Trunk): Sides<HandGoal> {
  const { body, posture, id, pushes } = figure;
  const h = body.heightM;
  const { at, swing } = trunk;
  const lowest = trunk.shoulder.left[2];
  let left = hang(-0.42 * swing, 0.22 + Math.max(-0.25 * swing, 0));
  let right = hang(0.42 * swing, 0.22 + Math.max(0.25 * swing, 0));
  if (pushes !== 'nothing' && posture !== 'sit') {
    const { ahead, up, half } = handleOf(pushes);
    const reachable = Math.min(ahead, 0.34 * h);
    left = { reach: at(reachable, half, Math.min(up, lowest - 0.05)) };
    right = { reach: at(reachable, -half, Math.min(up, lowest - 0.05)) };
    return { left, right };
  }
  if (posture === 'sit')
    return { left: { reach: at(0.17 * h, 0.08 * h, 0.37 * h) }, right: { reach: at(0.19 * h, -0.08 * h, 0.37 * h) } };
  if (posture === 'reach') {
    const high = (0.62 + 0.38 * trait(id, 11)) * h + 0.05 * Math.sin(2 * Math.PI * figure.gait);
    const goal: HandGoal = { reach: at(0.36 * h, -0.06 * h, high) };
    right = goal;
    if (trait(id, 12) < 0.35) left = { reach: at(0.33 * h, 0.1 * h, high - 0.1) };
  } else if (posture === 'crouch') {
    right = { reach: at(0.3 * h, -0.1 * h, 0.18 * h) };
    left = { reach: at(0.15 * h, 0.1 * h, 0.3 * h) };
  } else if (posture === 'stand') {
    const habit = trait(id, 13);
    if (habit < 0.16) {
      // A telephone in front of the chest.
      left = { reach: at(0.2 * h, 0.02 * h, 0.68 * h) };
      right = { reach: at(0.2 * h, -0.02 * h, 0.66 * h) };
    } else if (habit < 0.3) {
      left = { reach: at(0.1 * h, -0.07 * h, 0.66 * h) };
      right = { reach: at(0.12 * h, 0.07 * h, 0.64 * h) };
    } else if (habit < 0.4) right = { reach: at(0.02 * h, -0.13 * h, 0.58 * h) };
    else if (habit < 0.48) right = { reach: at(0.08 * h, -0.03 * h, 0.83 * h) };
    else if (habit < 0.56) {
      left = { reach: at(-0.09 * h, 0.02 * h, 0.53 * h) };
      right = { reach: at(-0.09 * h, -0.02 * h, 0.53 * h) };
    }
  } else if (posture === 'walk' && trait(id, 14) < 0.12) {
    right = { reach: at(0.2 * h, -0.03 * h, 0.68 * h) };
  }
  if (body.carries === 'basket') left = hang(-0.1 * swing, 0.12);
  if (body.carries === 'bag' && trait(id, 15) < 0.5) left = hang(-0.12 * swing, 0.08);
  if (body.carries === 'child') left = { reach: at(0.13 * h, 0.02 * h, 0.6 * h) };
  return { left, right };
}

export function armsOf(figure: Figure, trunk: Trunk): Arms {
  const h = figure.body.heightM;
  const [upper, lower] = [0.172 * h, 0.157 * h];
  const goals = goalsOf(figure, trunk);
  const pose = (side: 'left' | 'right', outward: number): readonly [Vector3, Vector3] => {
    const shoulder = trunk.shoulder[side];
    const goal = goals[side];
    const aside = times(trunk.leftward, outward);
    if ('reach' in goal) {
      const way = minus(goal.reach, shoulder);
      const wrist = add(shoulder, times(unit(way), Math.min(lengthOf(way), (upper + lower) * 0.985)));
      const hint = add(add(times(aside, 0.6), [0, 0, -1]), times(trunk.forward, -0.5));
      return [bendJoint(shoulder, wrist, upper, lower, hint), wrist];
    }
    const spread = 0.12 + 0.06 * figure.body.build;
    const direction = (angle: number, out: number): Vector3 =>
      unit(add(add(times(trunk.forward, Math.sin(angle)), [0, 0, -Math.cos(angle)]), times(aside, out)));
    const elbow = add(shoulder, times(direction(goal.hang - 0.1, spread), upper));
    return [elbow, add(elbow, times(direction(goal.hang - 0.1 + goal.bend, spread * 0.3), lower))];
  };
  const [leftElbow, leftWrist] = pose('left', 1);
  const [rightElbow, rightWrist] = pose('right', -1);
  return { elbow: { left: leftElbow, right: rightElbow }, wrist: { left: leftWrist, right: rightWrist } };
}
