import { carriedSolids } from './carried-things.js';
import type { Colour, Figure } from './figure.js';
import { headSolids } from './head-solids.js';
import { skeletonOf, trait, waistOf, type Skeleton } from './skeleton.js';
import { box, ellipsoid, limb, plain, tube, type Material, type Solid } from './solid.js';
import { add, between, times, up } from './vector3.js';

/** What a person is drawn of. `own` is the person with the clothes; `other` what is carried, pushed or sat upon. */
export interface DressedFigure {
  readonly skeleton: Skeleton;
  readonly own: readonly Solid[];
  readonly other: readonly Solid[];
}

const plasters: readonly [Colour, ...Colour[]] = [
  [0.72, 0.7, 0.67],
  [0.55, 0.55, 0.56],
  [0.06, 0.06, 0.065],
  [0.6, 0.48, 0.38],
];

/** Colours and surfaces of one figure; mannequins are of one polished stuff and still wear clothes. */
export function wardrobe(figure: Figure): {
  readonly skin: Material;
  readonly top: Material;
  readonly bottom: Material;
  readonly shoes: Material;
  readonly hair: Material;
} {
  const { body, id, alive } = figure;
  const phase = trait(id, 20) * 20;
  const dark = (colour: Colour): Colour => [colour[0] * 0.35, colour[1] * 0.35, colour[2] * 0.35];
  const light = (colour: Colour): Colour => [0.25 + colour[0] * 0.6, 0.25 + colour[1] * 0.6, 0.25 + colour[2] * 0.6];
  const bright = body.top[0] + body.top[1] + body.top[2] > 0.9;
  const pattern = body.pattern === 'plain' ? 'cloth' : body.pattern;
  const plaster = plasters[Math.floor(trait(id, 21) * plasters.length)] ?? plasters[0];
  const skin: Material = alive
    ? { colour: body.skin, second: dark(body.skin), pattern: 'skin', gloss: 0.12, phase }
    : { colour: plaster, second: plaster, pattern: 'plain', gloss: 0.7, phase };
  return {
    skin,
    top: { colour: body.top, second: bright ? dark(body.top) : light(body.top), pattern, gloss: 0, phase },
    bottom: { colour: body.bottom, second: body.bottom, pattern: 'cloth', gloss: 0, phase: phase + 3 },
    shoes: plain(alive ? body.shoes : plaster, 0.25),
    hair: { colour: body.hair, second: body.hair, pattern: 'hair', gloss: 0.15, phase },
  };
}

export function dressFigure(figure: Figure): DressedFigure {
  const skeleton = skeletonOf(figure);
  const clothes = wardrobe(figure);
  const { body } = figure;
  const h = body.heightM;
  const b = body.build;
  const girth = (share: number): number => share * h * (0.45 + 0.55 * b);
  const { chest, pelvis, leftward, spine } = skeleton;
  const { shoulder, elbow, wrist, hip, knee, ankle, toe } = skeleton;
  const own: Solid[] = [];
  const sides = ['left', 'right'] as const;
  const shortSleeves = body.outfit === 'shorts' || (body.outfit !== 'coat' && trait(figure.id, 22) < 0.35);
  const bareLegs = body.outfit === 'shorts' || (body.outfit === 'skirt' && trait(figure.id, 23) < 0.6);
  const shins = bareLegs ? clothes.skin : clothes.bottom;

  for (const side of sides) {
    const thighs = body.outfit === 'skirt' ? shins : clothes.bottom;
    const loose = body.outfit === 'trousers' || body.outfit === 'coat' ? 1.12 : 1;
    own.push(
      limb(hip[side], knee[side], girth(0.05), girth(0.035) * loose, thighs),
      limb(knee[side], ankle[side], girth(0.034) * loose, girth(0.023) * loose, shins),
      limb(add(ankle[side], times(skeleton.forward, -0.012 * h)), toe[side], 0.026 * h, 0.02 * h, clothes.shoes, {
        side: skeleton.leftward,
        wide: 1.05,
        deep: 1,
      }),
    );
    if (body.outfit === 'shorts') {
      own.push(tube(hip[side], between(hip[side], knee[side], 0.85), girth(0.053), girth(0.05), clothes.bottom));
    }
    const sleeve = body.outfit === 'coat' ? 1.2 : 1;
    const lower = shortSleeves ? clothes.skin : clothes.top;
    const hand = between(wrist[side], elbow[side], -0.28);
    own.push(
      limb(shoulder[side], elbow[side], girth(0.032) * sleeve, girth(0.026) * sleeve, clothes.top),
      limb(elbow[side], wrist[side], girth(shortSleeves ? 0.023 : 0.026) * sleeve, girth(0.018) * sleeve, lower),
      limb(wrist[side], hand, 0.0165 * h, 0.014 * h, clothes.skin, { side: skeleton.forward, wide: 1.2, deep: 0.75 }),
      limb(add(chest, times(spine, 0.004 * h)), shoulder[side], girth(0.038), girth(0.034), clothes.top),
    );
  }

  const belly = Math.max(b - 1, 0) * 0.07 * h;
  const waist = waistOf(skeleton);
  own.push(
    ellipsoid(
      add(pelvis, times(up, 0.01 * h)),
      skeleton.forward,
      up,
      [girth(0.1), girth(0.068), 0.075 * h],
      clothes.bottom,
    ),
    limb(between(pelvis, chest, 0.16), between(pelvis, chest, 0.82), girth(0.086), girth(0.1), clothes.top, {
      side: leftward,
      wide: 1.02,
      deep: 0.66,
      end: 0.62,
    }),
  );
  if (belly > 0.004) {
    own.push(
      ellipsoid(
        add(waist, times(skeleton.forward, belly)),
        skeleton.forward,
        spine,
        [girth(0.088), girth(0.07), 0.1 * h],
        clothes.top,
      ),
    );
  }
  own.push(...skirtsOf(figure, skeleton, clothes.top, clothes.bottom));
  own.push(limb(add(chest, times(spine, -0.01 * h)), skeleton.head, girth(0.033), girth(0.03), clothes.skin));
  own.push(...headSolids(figure, skeleton, clothes));
  const other = [...carriedSolids(figure, skeleton)];
  if (figure.posture === 'sit' && figure.pushes === 'nothing') other.push(...stool(figure));
  if (!figure.alive) {
    other.push(
      limb([figure.xM, figure.yM, 0.005], [figure.xM, figure.yM, 0.02], 0.2, 0.2, plain([0.5, 0.5, 0.52], 0.6), {
        side: leftward,
        wide: 1,
        deep: 1,
        end: 0.06,
      }),
    );
  }
  return { skeleton, own, other };
}

/** Skirts and coats hang from the waist around both thighs. */
function skirtsOf(figure: Figure, skeleton: Skeleton, top: Material, bottom: Material): Solid[] {
  const { body, id, posture } = figure;
  if (body.outfit !== 'skirt' && body.outfit !== 'coat') return [];
  const h = body.heightM;
  const girth = (share: number): number => share * h * (0.45 + 0.55 * body.build);
  const knees = between(skeleton.knee.left, skeleton.knee.right, 0.5);
  const isCoat = body.outfit === 'coat';
  const shape = { side: skeleton.leftward, wide: 1, deep: isCoat ? 0.78 : 0.85 };
  const share = isCoat ? 0.55 + 0.5 * trait(id, 24) : 0.6 + 0.9 * trait(id, 25);
  if (posture === 'sit' || posture === 'crouch') {
    return [
      tube(
        skeleton.pelvis,
        between(skeleton.pelvis, knees, 0.95),
        girth(0.105),
        girth(0.1),
        isCoat ? top : bottom,
        shape,
      ),
    ];
  }
  const start = add(waistOf(skeleton), times(up, isCoat ? 0 : -0.05 * h));
  const hem = add(between(skeleton.pelvis, [knees[0], knees[1], 0.285 * h], share), times(skeleton.forward, 0.01 * h));
  return [
    tube(
      start,
      hem,
      girth(isCoat ? 0.097 : 0.085),
      girth(isCoat ? 0.125 : 0.13 + 0.03 * trait(id, 26)),
      isCoat ? top : bottom,
      shape,
    ),
  ];
}

function stool({ xM, yM, body, headingRad }: Figure): Solid[] {
  const wood = plain([0.32, 0.2, 0.11], 0.15);
  const forward = [Math.cos(headingRad), Math.sin(headingRad), 0] as const;
  const seat = body.heightM * 0.285 - body.heightM * 0.06;
  return [
    box([xM, yM, seat - 0.03], forward, up, [0.2, 0.2, 0.025], wood),
    ...[-0.16, 0.16].flatMap((a) =>
      [-0.16, 0.16].map((b) => {
        const [x, y] = [xM + forward[0] * a - forward[1] * b, yM + forward[1] * a + forward[0] * b];
        return limb([x, y, 0], [x, y, seat - 0.04], 0.018, 0.018, wood);
      }),
    ),
  ];
}
