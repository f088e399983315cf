import type { Acvpu, AlarmCondition } from '@edge-blueprints/contracts';

export const storyNames = [
  'sepsis',
  'hypoxia',
  'atrial-fibrillation',
  'bradycardia',
  'opioid',
  'fall',
  'probe-off',
  'flat-battery',
  'out-of-range',
] as const;
export type StoryName = (typeof storyNames)[number];

/** Signals that a story can pull towards a value. */
export type StoryTarget = 'pulse' | 'spo2' | 'respiration' | 'systolic' | 'temperature';

export interface StoryKind {
  /** What it pulls to at its height, and how long after the others. */
  readonly pulls: Readonly<Partial<Record<StoryTarget, { readonly to: number; readonly lagS?: number }>>>;
  /** From this share of its height on. */
  readonly consciousness?: readonly { readonly from: number; readonly state: Acvpu }[];
  /** Beats come irregularly. */
  readonly irregular?: boolean;
  readonly riseS: number;
  readonly holdS: number;
  readonly fallS: number;
  /** Conditions that somebody must be told of. */
  readonly expects: readonly AlarmCondition[];
}

const hourS = 3_600;

/** Courses and heights are chosen: textbook pictures of each state, not fits to records. */
export const storyKinds: Readonly<Record<StoryName, StoryKind>> = {
  sepsis: {
    pulls: {
      temperature: { to: 39.4 },
      pulse: { to: 126, lagS: 600 },
      respiration: { to: 28, lagS: 900 },
      systolic: { to: 87, lagS: 3_600 },
      spo2: { to: 91.4, lagS: 2_700 },
    },
    consciousness: [{ from: 0.9, state: 'C' }],
    riseS: 6 * hourS,
    holdS: 3 * hourS,
    fallS: 4 * hourS,
    expects: ['news2-medium', 'news2-high', 'respiration-high'],
  },
  hypoxia: {
    pulls: { spo2: { to: 83 }, respiration: { to: 27, lagS: 20 } },
    riseS: 180,
    holdS: 300,
    fallS: 180,
    expects: ['spo2-low', 'spo2-very-low'],
  },
  'atrial-fibrillation': {
    pulls: { pulse: { to: 152 }, systolic: { to: 104, lagS: 60 } },
    irregular: true,
    riseS: 12,
    holdS: 900,
    fallS: 60,
    expects: ['pulse-high'],
  },
  bradycardia: {
    pulls: { pulse: { to: 33 }, systolic: { to: 92, lagS: 60 } },
    riseS: 30,
    holdS: 240,
    fallS: 60,
    expects: ['pulse-low'],
  },
  opioid: {
    pulls: { respiration: { to: 5 }, spo2: { to: 82, lagS: 120 }, pulse: { to: 54 } },
    consciousness: [
      { from: 0.6, state: 'V' },
      { from: 0.9, state: 'P' },
    ],
    riseS: 600,
    holdS: 420,
    fallS: 240,
    expects: ['respiration-low', 'spo2-low'],
  },
  fall: { pulls: {}, riseS: 0, holdS: 180, fallS: 0, expects: ['fall'] },
  'probe-off': { pulls: {}, riseS: 0, holdS: 300, fallS: 0, expects: ['lead-off'] },
  'flat-battery': {
    pulls: {},
    riseS: 1_800,
    holdS: 600,
    fallS: 0,
    expects: ['battery-low', 'battery-critical', 'device-link-lost'],
  },
  'out-of-range': { pulls: {}, riseS: 0, holdS: 420, fallS: 0, expects: ['device-link-lost'] },
};

/** A story that happens to one patient. Seconds are those of the patient's life. */
export interface Story {
  readonly id: string;
  readonly name: StoryName;
  readonly beginS: number;
  readonly riseS: number;
  readonly holdS: number;
  readonly fallS: number;
  /** 0 to 1: how much of the height is reached. */
  readonly height: number;
}

export const storyEndS = ({ beginS, riseS, holdS, fallS }: Story): number => beginS + riseS + holdS + fallS;

/** Everything is over, the latest pull too. */
export function storyOverS(story: Story): number {
  const lags = Object.values(storyKinds[story.name].pulls).map(({ lagS }) => lagS ?? 0);
  return storyEndS(story) + Math.max(0, ...lags) * lagShare(story);
}

/** Lags are those of the usual course; a story that is told faster has shorter ones. */
const lagShare = ({ name, riseS }: Story): number => (storyKinds[name].riseS > 0 ? riseS / storyKinds[name].riseS : 1);

const smooth = (x: number): number => x * x * (3 - 2 * x);

/** 0 before, `height` while it holds, smooth between. */
export function storyShape(story: Story, atS: number, lagS = 0): number {
  const { riseS, holdS, fallS, height } = story;
  const t = atS - story.beginS - lagS * lagShare(story);
  if (t < 0) return 0;
  if (t < riseS) return height * smooth(t / riseS);
  if (t < riseS + holdS) return height;
  if (t < riseS + holdS + fallS) return height * smooth(1 - (t - riseS - holdS) / fallS);
  return 0;
}
