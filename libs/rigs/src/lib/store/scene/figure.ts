/** The body points of the rendered people, in the order of labels and of the pose model. Left and right are the person's own. */
export const bodyPoints = [
  'head',
  'left_shoulder',
  'right_shoulder',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const;
export type BodyPoint = (typeof bodyPoints)[number];

export type Posture = 'walk' | 'stand' | 'reach' | 'push' | 'crouch' | 'sit';

/** 0 to 1 each, linear. */
export type Colour = readonly [red: number, green: number, blue: number];

/** What stays the same about one person. */
export interface Body {
  /** Top of the head above the floor, metres; children are small. */
  readonly heightM: number;
  /** 0.8 slim to 1.3 broad. */
  readonly build: number;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly top: Colour;
  readonly bottom: Colour;
  readonly shoes: Colour;
  readonly pattern: 'plain' | 'stripes' | 'checks' | 'print';
  readonly headwear: 'none' | 'cap' | 'hat' | 'scarf' | 'hood';
  readonly outfit: 'trousers' | 'skirt' | 'coat' | 'shorts';
  readonly carries: 'nothing' | 'backpack' | 'bag' | 'basket' | 'child';
}

/** One person at one moment. Metres and radians on the floor of the store plan; heading counter-clockwise from x. */
export interface Figure {
  readonly id: number;
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly speedMps: number;
  /** 0 to 1 through one double step. */
  readonly gait: number;
  readonly posture: Posture;
  readonly pushes: 'nothing' | 'trolley' | 'pram' | 'wheelchair';
  readonly body: Body;
  /** Mannequins and cut-outs stand like people and are none. */
  readonly alive: boolean;
}
