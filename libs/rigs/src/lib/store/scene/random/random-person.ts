import type { Random } from '@edge-blueprints/contracts';
import type { Body, Colour, Figure, Posture } from '../figure.js';

const skins: readonly [Colour, ...Colour[]] = [
  [0.62, 0.41, 0.31],
  [0.55, 0.34, 0.24],
  [0.47, 0.28, 0.18],
  [0.33, 0.18, 0.1],
  [0.19, 0.1, 0.06],
  [0.09, 0.048, 0.03],
];
const hairs: readonly [Colour, ...Colour[]] = [
  [0.012, 0.01, 0.009],
  [0.03, 0.018, 0.01],
  [0.09, 0.045, 0.02],
  [0.22, 0.12, 0.05],
  [0.45, 0.32, 0.14],
  [0.42, 0.42, 0.41],
  [0.2, 0.05, 0.02],
];

/** Most clothes are dark or grey or faded, some are loud. */
export function clothColour(random: Random): Colour {
  const kind = random.next();
  const value = random.next();
  if (kind < 0.28) return [0.015 + 0.05 * value, 0.015 + 0.05 * value, 0.018 + 0.06 * value];
  if (kind < 0.45) return [0.1 + 0.65 * value, 0.1 + 0.65 * value, 0.1 + 0.64 * value];
  const hue = random.next();
  const strength = kind < 0.8 ? 0.55 : 0.92;
  const bright = 0.04 + 0.6 * value ** 1.6;
  const channel = (phase: number): number =>
    bright * (1 - strength * (0.5 + 0.5 * Math.cos(2 * Math.PI * (hue + phase))));
  return [channel(0), channel(0.33), channel(0.67)];
}

const jeans: Colour = [0.035, 0.055, 0.11];

export function randomBody(random: Random, child: boolean): Body {
  const tall = 1.69 + 0.095 * random.normal();
  return {
    heightM: child ? 0.85 + 0.5 * random.next() : Math.min(Math.max(tall, 1.45), 1.98),
    build: Math.min(Math.max(1 + 0.13 * random.normal(), 0.8), 1.35),
    skin: random.pick(skins),
    hair: random.pick(hairs),
    top: clothColour(random),
    bottom: random.next() < 0.35 ? jeans : clothColour(random),
    shoes: random.next() < 0.7 ? [0.02, 0.018, 0.016] : clothColour(random),
    pattern: random.pick(['plain', 'plain', 'plain', 'plain', 'stripes', 'checks', 'print']),
    headwear: random.pick(['none', 'none', 'none', 'none', 'none', 'none', 'cap', 'hat', 'scarf', 'hood']),
    outfit: random.pick(['trousers', 'trousers', 'trousers', 'trousers', 'coat', 'skirt', 'shorts']),
    carries: child
      ? random.pick(['nothing', 'nothing', 'nothing', 'backpack'])
      : random.pick(['nothing', 'nothing', 'nothing', 'nothing', 'backpack', 'bag', 'bag', 'basket']),
  };
}

export interface PersonPlace {
  readonly id: number;
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
}

/** Anybody in a shop: mostly walks or stands. */
export function randomPerson(random: Random, place: PersonPlace): Figure {
  const child = random.next() < 0.12;
  const kind = random.next();
  const posture: Posture =
    kind < 0.42
      ? 'walk'
      : kind < 0.76
        ? 'stand'
        : kind < 0.86
          ? 'reach'
          : kind < 0.91
            ? 'crouch'
            : kind < 0.95
              ? 'sit'
              : 'push';
  const pushes: Figure['pushes'] =
    posture === 'push'
      ? random.pick<Figure['pushes']>(['trolley', 'trolley', 'trolley', 'pram', 'wheelchair'])
      : posture === 'sit' && random.next() < 0.4
        ? 'wheelchair'
        : 'nothing';
  const moving = posture === 'walk' || (posture === 'push' && random.next() < 0.7);
  return {
    ...place,
    speedMps: moving ? 0.4 + 1.3 * random.next() : 0,
    gait: random.next(),
    posture: child && posture === 'push' ? 'stand' : posture,
    pushes: child ? 'nothing' : pushes,
    body: randomBody(random, child),
    alive: true,
  };
}

/** Looks like a person and is none: a mannequin in clothes or a statue of one colour. */
export function randomMannequin(random: Random, place: PersonPlace): Figure {
  const body = randomBody(random, false);
  const stone = 0.15 + 0.5 * random.next();
  const oneColour: Colour = [stone, stone, stone * 0.95];
  const statue = random.next() < 0.35;
  return {
    ...place,
    speedMps: 0,
    gait: random.next(),
    posture: random.pick(['stand', 'stand', 'reach']),
    pushes: 'nothing',
    body: statue
      ? { ...body, carries: 'nothing', top: oneColour, bottom: oneColour, pattern: 'plain' }
      : { ...body, carries: 'nothing' },
    alive: false,
  };
}
