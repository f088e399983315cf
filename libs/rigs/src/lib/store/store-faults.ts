import { z } from 'zod';
import type { Body, Figure } from './scene/figure.js';
import type { SceneLook } from './scene/scene.js';
import { storeCameraNames } from './store-cameras.js';

/** What can go wrong in and around the store, by command. */
export const storeFaultNames = [
  'camera-moved',
  'camera-lost',
  'slow',
  'clock-jump',
  'dark',
  'sun',
  'crowd',
  'mannequins',
  'staff-everywhere',
  'queue-rush',
  'mirror',
] as const;
export type StoreFault = (typeof storeFaultNames)[number];

export const storeCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('fault'),
    name: z.enum(storeFaultNames),
    /** For camera-moved, camera-lost, slow and clock-jump; all three cameras when left out. */
    camera: z.enum(storeCameraNames).optional(),
    /** Of camera-moved: what is added to the way it looks. */
    yawDeg: z.number().min(-45).max(45).optional(),
    pitchDeg: z.number().min(-45).max(45).optional(),
    /** Of clock-jump: what is added to the wall clock of the pictures. */
    jumpMs: z
      .int()
      .min(-7 * 86_400_000)
      .max(7 * 86_400_000)
      .optional(),
    on: z.boolean(),
  }),
  z.strictObject({
    command: z.literal('truth'),
    /** Only what ended or lasts after this moment of the machine's monotonic clock. */
    sinceMs: z.number().optional(),
  }),
]);
export type StoreCommand = z.infer<typeof storeCommandSchema>;

const design: SceneLook = { light: 1, colourTemperatureK: 4000, sun: 0, noise: 2.5, blurPx: 0.4 };

export function storeLook(faults: ReadonlySet<StoreFault>): SceneLook {
  return {
    ...design,
    ...(faults.has('dark') ? { light: 0.2, noise: 7 } : {}),
    ...(faults.has('sun') ? { sun: 1, colourTemperatureK: 5200 } : {}),
  };
}

const plastic: Body = {
  heightM: 1.8,
  build: 0.9,
  skin: [0.82, 0.8, 0.77],
  hair: [0.82, 0.8, 0.77],
  top: [0.5, 0.12, 0.14],
  bottom: [0.12, 0.14, 0.2],
  shoes: [0.1, 0.1, 0.1],
  pattern: 'plain',
  headwear: 'none',
  outfit: 'trousers',
  carries: 'nothing',
};

const mannequinSpots = [
  [7.12, 2.92, 2.2],
  [0.4, 3.7, 0],
  [4.75, 4.58, -1.6],
  [13.4, 6.9, 3],
] as const;

/** One always stands at the promotion; the fault brings three more. */
export function mannequinFigures(more: boolean): readonly Figure[] {
  return mannequinSpots.slice(0, more ? mannequinSpots.length : 1).map(([xM, yM, headingRad], index) => ({
    id: 1_000_000 + index,
    xM,
    yM,
    headingRad,
    speedMps: 0,
    gait: 0,
    posture: 'stand',
    pushes: 'nothing',
    body: plastic,
    alive: false,
  }));
}
