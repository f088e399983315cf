import type { Body, Figure } from './figure.js';
import { armsOf, type Arms } from './arm-pose.js';
import { bendJoint } from './bend-joint.js';
import { add, between, times, type Vector3 } from './vector3.js';

/** The sides of the body, as seen by its owner. */
export interface Sides<T> {
  readonly left: T;
  readonly right: T;
}

/** Joints in the room, metres, and the directions of the trunk. */
export interface Skeleton {
  readonly forward: Vector3;
  readonly leftward: Vector3;
  /** Along the spine. */
  readonly spine: Vector3;
  readonly face: Vector3;
  readonly pelvis: Vector3;
  readonly chest: Vector3;
  readonly neck: Vector3;
  readonly head: Vector3;
  readonly headSize: number;
  readonly shoulder: Sides<Vector3>;
  readonly elbow: Sides<Vector3>;
  readonly wrist: Sides<Vector3>;
  readonly hip: Sides<Vector3>;
  readonly knee: Sides<Vector3>;
  readonly ankle: Sides<Vector3>;
  readonly toe: Sides<Vector3>;
}

/** A fixed number from 0 to 1 for a person and a trait, so that nobody changes from picture to picture. */
export function trait(id: number, salt: number): number {
  let z = (Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0;
  z = Math.imul(z ^ (z >>> 15), 0x2c1b3c6d) >>> 0;
  z = Math.imul(z ^ (z >>> 12), 0x297a2d39) >>> 0;
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
}

/** 0 grown up to 1 a small child: shorter legs, larger head. */
export function childShare({ heightM }: Body): number {
  return Math.min(Math.max((1.45 - heightM) / 0.6, 0), 1);
}

/**
 * Metres that a person of this height walks in one double step at this speed: about 0.8 of the height at 1.3 m/s, longer
 * when faster (after Grieve, Human walking as speed to the power 0.42). `gait` must advance by distance / this length
 * for the feet to stay where they stand.
 */
export function doubleStepM(heightM: number, speedMps: number): number {
  return 0.8 * heightM * Math.max(Math.abs(speedMps) / 1.3, 0.05) ** 0.42;
}

interface Foot {
  readonly x: number;
  readonly z: number;
  /** Radians, toes up. */
  readonly pitch: number;
  readonly grounded: boolean;
}

/** One foot through a double step: 60 % on the floor from heel strike to push off, 40 % in the air (textbook walk). */
function walkingFoot(phase: number, stepM: number, heightM: number): Foot {
  const p = phase - Math.floor(phase);
  const ankle = 0.045 * heightM;
  if (p < 0.6) {
    const q = p / 0.6;
    const rise = q > 0.7 ? (q - 0.7) / 0.3 : 0;
    const pitch = q < 0.12 ? 0.35 * (1 - q / 0.12) : -0.6 * rise;
    return { x: stepM * (0.5 - q), z: ankle + 0.075 * heightM * rise, pitch, grounded: true };
  }
  const q = (p - 0.6) / 0.4;
  const glide = q * q * (3 - 2 * q);
  const lift = (1 - q) * 0.075 * heightM + Math.sin(Math.PI * q) * 0.045 * heightM;
  return { x: stepM * (glide - 0.5), z: ankle + lift, pitch: -0.6 + 0.95 * glide, grounded: false };
}

interface Stance {
  readonly pelvisUp: number;
  readonly pelvisForward: number;
  /** Radians from upright, forward. */
  readonly lean: number;
  readonly feet: Sides<Foot>;
  readonly sway: number;
}

function stanceOf(figure: Figure, legM: number): Stance {
  const { posture, gait, body, id } = figure;
  const h = body.heightM;
  const ankle = 0.045 * h;
  const flat = (x: number): Foot => ({ x, z: ankle, pitch: 0, grounded: true });
  const both = (x: number): Sides<Foot> => ({ left: flat(x), right: flat(x) });
  const moving = posture === 'walk' || (posture === 'push' && figure.speedMps > 0.05);
  if (moving) {
    const step = Math.min(0.6 * doubleStepM(h, figure.speedMps), 0.5 * h);
    const feet = { left: walkingFoot(gait, step, h), right: walkingFoot(gait + 0.5, step, h) };
    const reach = (foot: Foot): number =>
      foot.grounded ? foot.z + Math.sqrt(Math.max(legM ** 2 - foot.x ** 2, 0)) : h;
    const pelvisUp = Math.min(0.527 * h, reach(feet.left), reach(feet.right));
    return {
      feet,
      pelvisUp,
      pelvisForward: 0,
      lean: posture === 'push' ? 0.2 : 0.04 + 0.05 * Math.min(figure.speedMps, 2),
      sway: 0.018 * h * Math.sin(2 * Math.PI * gait),
    };
  }
  const weight = Math.sin(2 * Math.PI * (gait + trait(id, 3)));
  switch (posture) {
    case 'crouch':
      return {
        feet: { left: flat(0.06 * h), right: { ...flat(-0.1 * h), z: ankle + 0.05 * h, pitch: -0.7 } },
        pelvisUp: 0.2 * h,
        pelvisForward: -0.07 * h,
        lean: 0.5,
        sway: 0,
      };
    case 'sit':
      return { feet: both(0.24 * h), pelvisUp: 0.285 * h, pelvisForward: 0, lean: 0.02, sway: 0 };
    case 'push':
      return {
        feet: { left: flat(0.05 * h), right: flat(-0.06 * h) },
        pelvisUp: 0.52 * h,
        pelvisForward: -0.02 * h,
        lean: 0.17,
        sway: 0,
      };
    default: {
      const spread = (trait(id, 4) - 0.5) * 0.08 * h;
      const lean = posture === 'reach' ? 0.14 : 0.03 + (trait(id, 5) - 0.3) * 0.1;
      return {
        feet: { left: flat(spread), right: flat(-spread) },
        pelvisUp: 0.524 * h,
        pelvisForward: 0,
        lean,
        sway: 0.016 * h * weight,
      };
    }
  }
}

/** Proportions after Drillis and Contini's segment lengths as shares of the height; children by `childShare`. */
export function skeletonOf(figure: Figure): Skeleton {
  const { body, id, xM, yM, headingRad } = figure;
  const h = body.heightM;
  const child = childShare(body);
  const forward: Vector3 = [Math.cos(headingRad), Math.sin(headingRad), 0];
  const leftward: Vector3 = [-forward[1], forward[0], 0];
  const at = (f: number, l: number, u: number): Vector3 => [
    xM + forward[0] * f + leftward[0] * l,
    yM + forward[1] * f + leftward[1] * l,
    u,
  ];
  const [thigh, shin] = [0.245 * h, 0.246 * h];
  const stance = stanceOf(figure, (thigh + shin) * 0.995);
  const swing = figure.posture === 'walk' ? Math.cos(2 * Math.PI * figure.gait) * Math.min(figure.speedMps, 1.6) : 0;

  // The pelvis turns with the leg that is in front, the shoulders against it.
  const pelvis = at(stance.pelvisForward, stance.sway, stance.pelvisUp);
  const turned = (angle: number): Vector3 => add(times(leftward, Math.cos(angle)), times(forward, Math.sin(angle)));
  const pelvisSide = turned(0.1 * swing);
  const shoulderSide = turned(-0.14 * swing + (figure.posture === 'stand' ? (trait(id, 6) - 0.5) * 0.3 : 0));
  const spine: Vector3 = add(times(forward, Math.sin(stance.lean)), [0, 0, Math.cos(stance.lean)]);
  const trunk = (0.288 - 0.03 * child) * h;
  const chest = add(pelvis, times(spine, trunk));
  const headSize = h * (1 + 0.32 * child);
  const headTurn =
    (trait(id, 7) - 0.5) * 0.9 * (0.5 + 0.5 * Math.sin(2 * Math.PI * (figure.gait * 0.5 + trait(id, 8))));
  const face: Vector3 = add(times(forward, Math.cos(headTurn)), times(leftward, Math.sin(headTurn)));
  const down = trait(id, 9) * 0.3 + (figure.posture === 'crouch' ? 0.2 : 0);
  const neck = add(chest, times(spine, 0.03 * h));
  const top = add(neck, [0, 0, 0.022 * h + 0.068 * headSize]);
  const head = add(top, times(face, 0.012 * h + 0.02 * h * down));

  const halfShoulder = 0.105 * h * (0.92 + 0.12 * body.build);
  const shoulder = {
    left: add(chest, times(shoulderSide, halfShoulder)),
    right: add(chest, times(shoulderSide, -halfShoulder)),
  };
  const halfHip = 0.05 * h;
  const hip = { left: add(pelvis, times(pelvisSide, halfHip)), right: add(pelvis, times(pelvisSide, -halfHip)) };
  const wide = figure.posture === 'crouch' || figure.posture === 'sit' ? 0.075 * h : 0.043 * h + 0.012 * h * body.build;
  const ankle = {
    left: at(stance.feet.left.x, wide, stance.feet.left.z),
    right: at(stance.feet.right.x, -wide, stance.feet.right.z),
  };
  const toeOf = (joint: Vector3, foot: Foot, outward: number): Vector3 => {
    const length = 0.118 * h;
    const flat = Math.cos(foot.pitch) * length;
    const low = Math.max(joint[2] - 0.024 * h + Math.sin(foot.pitch) * length, 0.018 * h);
    return [
      joint[0] + (forward[0] + leftward[0] * outward) * flat,
      joint[1] + (forward[1] + leftward[1] * outward) * flat,
      low,
    ];
  };
  const kneeTowards = (outward: number): Vector3 =>
    add(forward, times(leftward, outward * (figure.posture === 'crouch' ? 0.45 : 0.12)));
  const arms: Arms = armsOf(figure, { forward, leftward, spine, shoulder, swing, pelvis, at });
  return {
    forward,
    leftward: shoulderSide,
    spine,
    face,
    pelvis,
    chest,
    neck,
    head,
    headSize,
    shoulder,
    elbow: arms.elbow,
    wrist: arms.wrist,
    hip,
    knee: {
      left: bendJoint(hip.left, ankle.left, thigh, shin, kneeTowards(1)),
      right: bendJoint(hip.right, ankle.right, thigh, shin, kneeTowards(-1)),
    },
    ankle,
    toe: { left: toeOf(ankle.left, stance.feet.left, 0.14), right: toeOf(ankle.right, stance.feet.right, -0.14) },
  };
}

/** Middle of the trunk. */
export const waistOf = (skeleton: Skeleton): Vector3 => between(skeleton.pelvis, skeleton.chest, 0.42);
