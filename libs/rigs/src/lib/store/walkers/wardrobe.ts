import type { Random } from '@edge-blueprints/contracts';
import type { Body, Colour } from '../scene/figure.js';

type Age = 'adult' | 'child' | 'toddler';

const skins: readonly [Colour, ...Colour[]] = [
  [0.78, 0.58, 0.47],
  [0.7, 0.49, 0.37],
  [0.55, 0.36, 0.25],
  [0.38, 0.24, 0.16],
  [0.25, 0.15, 0.1],
];
const hairs: readonly [Colour, ...Colour[]] = [
  [0.05, 0.04, 0.04],
  [0.14, 0.08, 0.05],
  [0.3, 0.19, 0.1],
  [0.55, 0.42, 0.22],
  [0.5, 0.5, 0.5],
];

/** Looks are drawn for the picture only; nothing in the store acts on them. */
export function drawBody(random: Random, age: Age, carries: Body['carries'] = 'nothing'): Body {
  const cloth = (bright: number): Colour => {
    const grey = random.next() * bright;
    const tint = (): number => Math.max(0.02, Math.min(0.95, grey + (random.next() - 0.5) * 0.6 * bright));
    return [tint(), tint(), tint()];
  };
  const shortM = { adult: 1.45, child: 1.05, toddler: 0.85 }[age];
  const tallM = { adult: 1.98, child: 1.5, toddler: 1.02 }[age];
  const meanM = { adult: 1.7, child: 1.27, toddler: 0.94 }[age];
  const heightM = Math.max(shortM, Math.min(tallM, meanM + 0.09 * random.normal()));
  return {
    heightM,
    build: Math.max(0.8, Math.min(1.3, 1 + 0.1 * random.normal())),
    skin: random.pick(skins),
    hair: random.pick(hairs),
    top: cloth(0.9),
    bottom: cloth(0.5),
    shoes: cloth(0.4),
    pattern: random.pick(['plain', 'plain', 'plain', 'stripes', 'checks', 'print']),
    headwear: random.pick(['none', 'none', 'none', 'none', 'cap', 'hat', 'scarf', 'hood']),
    outfit: age === 'adult' ? random.pick(['trousers', 'trousers', 'trousers', 'skirt', 'coat', 'shorts']) : 'trousers',
    carries,
  };
}
