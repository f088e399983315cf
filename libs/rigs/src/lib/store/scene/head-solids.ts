import type { Figure } from './figure.js';
import { trait, type Skeleton } from './skeleton.js';
import { ellipsoid, limb, type Material, type Solid } from './solid.js';
import { add, times, up, type Vector3 } from './vector3.js';

/** Skull, hair and what is worn on it. Mannequins have a bare egg. */
export function headSolids(
  figure: Figure,
  { head, headSize, face, neck }: Skeleton,
  clothes: { readonly skin: Material; readonly hair: Material; readonly top: Material },
): Solid[] {
  const { id, body, alive } = figure;
  const s = headSize;
  const place = (front: number, top: number): Vector3 => add(add(head, times(face, front * s)), times(up, top * s));
  const skull = ellipsoid(head, face, up, [0.045 * s, 0.056 * s, 0.068 * s], {
    ...clothes.skin,
    pattern: alive ? 'face' : 'plain',
  });
  if (!alive) return [skull];
  const solids: Solid[] = [
    skull,
    ellipsoid(place(0.057, -0.008), face, up, [0.008 * s, 0.011 * s, 0.014 * s], clothes.skin),
  ];
  const { hair } = clothes;
  const cloth: Material = {
    colour: [0.05 + 0.7 * trait(id, 31), 0.05 + 0.6 * trait(id, 32), 0.05 + 0.6 * trait(id, 33)],
    second: body.top,
    pattern: 'cloth',
    gloss: 0,
    phase: trait(id, 34) * 9,
  };
  const scalp = ellipsoid(place(-0.013, 0.014), face, up, [0.05 * s, 0.055 * s, 0.06 * s], hair);
  switch (body.headwear) {
    case 'cap':
      solids.push(
        scalp,
        ellipsoid(place(-0.006, 0.026), face, up, [0.052 * s, 0.06 * s, 0.05 * s], cloth),
        ellipsoid(place(0.055, 0.028), face, up, [0.038 * s, 0.042 * s, 0.007 * s], cloth),
      );
      break;
    case 'hat':
      solids.push(
        scalp,
        ellipsoid(place(-0.004, 0.035), face, up, [0.1 * s, 0.105 * s, 0.009 * s], cloth),
        ellipsoid(place(-0.006, 0.05), face, up, [0.053 * s, 0.06 * s, 0.045 * s], cloth),
      );
      break;
    case 'scarf':
      solids.push(
        ellipsoid(place(-0.018, 0.008), face, up, [0.056 * s, 0.06 * s, 0.073 * s], cloth),
        limb(place(-0.012, -0.05), add(neck, times(up, -0.02 * s)), 0.045 * s, 0.062 * s, cloth),
      );
      break;
    case 'hood':
      solids.push(
        ellipsoid(place(-0.02, 0.008), face, up, [0.06 * s, 0.064 * s, 0.076 * s], clothes.top),
        limb(place(-0.03, -0.04), add(neck, times(up, -0.01 * s)), 0.045 * s, 0.055 * s, clothes.top),
      );
      break;
    default: {
      const cut = trait(id, 35);
      // One in twelve is bald, every third has long hair, some of it tied.
      if (cut < 0.08) break;
      solids.push(scalp);
      if (cut > 0.62)
        solids.push(limb(place(-0.026, 0), place(-0.042, -0.1 - 0.05 * trait(id, 36)), 0.046 * s, 0.036 * s, hair));
      else if (cut > 0.52) {
        solids.push(
          ellipsoid(place(-0.068, 0.02), face, up, [0.022 * s, 0.022 * s, 0.022 * s], hair),
          limb(place(-0.066, 0.01), place(-0.07, -0.09), 0.016 * s, 0.012 * s, hair),
        );
      }
    }
  }
  return solids;
}
