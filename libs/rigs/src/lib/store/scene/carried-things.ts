import type { Colour, Figure } from './figure.js';
import { trait, type Skeleton } from './skeleton.js';
import { box, ellipsoid, limb, plain, type Material, type Solid } from './solid.js';
import { add, between, times, up, type Vector3 } from './vector3.js';

/** Bags, baskets and a child on the arm or on the shoulders. They belong to no body's outline. */
export function carriedSolids(figure: Figure, skeleton: Skeleton): Solid[] {
  const { body, id } = figure;
  const h = body.heightM;
  const { forward, spine, chest, pelvis, wrist } = skeleton;
  const colour: Colour = [0.04 + 0.55 * trait(id, 41), 0.04 + 0.45 * trait(id, 42), 0.04 + 0.5 * trait(id, 43)];
  const cloth: Material = { colour, second: colour, pattern: 'cloth', gloss: 0.05, phase: id };
  const hand = between(wrist.left, skeleton.elbow.left, -0.3);
  switch (body.carries) {
    case 'backpack': {
      const middle = add(between(pelvis, chest, 0.62), times(forward, -0.105 * h));
      return [
        box(middle, forward, spine, [0.075 * h, 0.05 * h, 0.12 * h], cloth),
        ellipsoid(add(middle, times(spine, 0.11 * h)), forward, spine, [0.075 * h, 0.05 * h, 0.035 * h], cloth),
      ];
    }
    case 'bag': {
      if (trait(id, 15) < 0.5) {
        const size: Vector3 = [0.055, 0.15 + 0.06 * trait(id, 44), 0.15 + 0.05 * trait(id, 45)];
        const middle = add(hand, [0, 0, -0.12 - size[2]]);
        return [
          box(middle, forward, up, size, plain(colour, 0.1)),
          limb(hand, add(middle, add(times(forward, size[1] * 0.5), [0, 0, size[2]])), 0.008, 0.008, plain(colour)),
          limb(hand, add(middle, add(times(forward, -size[1] * 0.5), [0, 0, size[2]])), 0.008, 0.008, plain(colour)),
        ];
      }
      const atHip = add(between(pelvis, skeleton.hip.right, 2.2), times(forward, -0.03 * h));
      return [
        box(add(atHip, [0, 0, 0.02 * h]), forward, up, [0.035 * h, 0.09 * h, 0.065 * h], cloth),
        limb(atHip, add(skeleton.shoulder.left, times(forward, 0.07 * h)), 0.012, 0.012, cloth),
      ];
    }
    case 'basket': {
      const middle = add(hand, [0, 0, -0.23]);
      const plastic: Material = { ...plain(colour, 0.3), pattern: 'wire' };
      return [
        box(add(middle, [0, 0, -0.02]), forward, up, [0.1, 0.16, 0.07], plain([0.1 + colour[2], 0.3, 0.1 + colour[0]])),
        box(middle, forward, up, [0.14, 0.21, 0.11], plastic),
        limb(hand, add(middle, add(times(forward, 0.18), [0, 0, 0.1])), 0.009, 0.009, plain(colour)),
        limb(hand, add(middle, add(times(forward, -0.18), [0, 0, 0.1])), 0.009, 0.009, plain(colour)),
      ];
    }
    case 'child':
      return smallChild(figure, skeleton, cloth);
    default:
      return [];
  }
}

function smallChild({ id, body }: Figure, skeleton: Skeleton, cloth: Material): Solid[] {
  const h = body.heightM;
  const { forward, head, chest, wrist, leftward } = skeleton;
  const skin = plain(body.skin);
  const hair: Material = { ...plain(body.hair), pattern: 'hair' };
  const onShoulders = trait(id, 46) < 0.3;
  const seat = onShoulders
    ? add(add(chest, times(forward, -0.06 * h)), [0, 0, 0.06 * h])
    : add(add(between(wrist.left, chest, 0.12), times(leftward, 0.05 * h)), [0, 0, 0.03 * h]);
  const lean = onShoulders ? times(forward, 0.03 * h) : times(leftward, -0.02 * h);
  const crown = add(add(seat, [0, 0, 0.29]), lean);
  const top = add(add(seat, [0, 0, 0.44]), lean);
  const legs = [-1, 1].map((side) => {
    const thigh = add(seat, add(times(leftward, side * 0.09), times(forward, 0.12)));
    return [limb(seat, thigh, 0.06, 0.05, cloth), limb(thigh, add(thigh, [0, 0, -0.22]), 0.045, 0.035, cloth)];
  });
  const facing = onShoulders ? forward : add(times(forward, 0.7), times(leftward, -0.7));
  return [
    limb(seat, crown, 0.09, 0.075, cloth),
    ...legs.flat(),
    limb(crown, onShoulders ? add(head, [0, 0, 0.05]) : chest, 0.035, 0.028, cloth),
    ellipsoid(top, facing, up, [0.075, 0.088, 0.1], skin),
    ellipsoid(add(top, times(facing, -0.02)), facing, up, [0.08, 0.085, 0.095], hair),
  ];
}
