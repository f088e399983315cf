import type { Random } from '@edge-blueprints/contracts';

export const activityStates = ['asleep', 'resting', 'turning', 'sitting', 'walking', 'falling', 'on-floor'] as const;
export type ActivityState = (typeof activityStates)[number];

export type Posture = 'back' | 'left' | 'right' | 'sitting' | 'upright' | 'floor';

/** What a patient does at this moment. */
export interface Activity {
  readonly state: ActivityState;
  readonly posture: Posture;
  /** Posture before the last change, for the second in which it happens. */
  readonly before: Posture;
  /** 0 to 1. */
  readonly effort: number;
  /** Root mean square of the acceleration beside gravity over this second, and its peak, in g. */
  readonly motionG: number;
  readonly peakG: number;
}

/** Chosen: seconds a state lasts on average, effort, and how much the sensor moves. */
const kinds = {
  asleep: { meanS: 2_700, effort: 0, motionG: 0.003 },
  resting: { meanS: 1_500, effort: 0.05, motionG: 0.012 },
  turning: { meanS: 6, effort: 0.2, motionG: 0.12 },
  sitting: { meanS: 1_200, effort: 0.12, motionG: 0.025 },
  walking: { meanS: 150, effort: 1, motionG: 0.2 },
  falling: { meanS: 1, effort: 0.6, motionG: 0.9 },
  'on-floor': { meanS: 120, effort: 0.3, motionG: 0.008 },
} as const satisfies Readonly<Record<ActivityState, { meanS: number; effort: number; motionG: number }>>;

const lying = ['back', 'left', 'right'] as const;

export interface ActivityModel {
  /** @param hour of the day, 0 to 24 */
  step(hour: number): Activity;
  /** Falls now and lies for so long. */
  fall(lieS: number): void;
  /** Gets up and walks for so long. */
  walk(seconds: number): void;
  /** Helped into bed now. */
  lieDown(): void;
}

/** A day on a ward as a chain of states with exponential lengths. @param dtS seconds of the patient's life in one step */
export function createActivity(random: Random, dtS: number): ActivityModel {
  let state: ActivityState = 'resting';
  let posture: Posture = 'back';
  let leftS = 0;
  let fallLieS = 0;
  let ordered: { readonly state: ActivityState; readonly forS: number } | undefined;
  const enter = (next: ActivityState, forS?: number): void => {
    state = next;
    leftS = forS ?? -Math.log(1 - random.next()) * kinds[next].meanS;
    if (next === 'falling' || next === 'on-floor') posture = 'floor';
    else if (next === 'walking') posture = 'upright';
    else if (next === 'sitting') posture = 'sitting';
    else if (next === 'turning' || posture === 'upright' || posture === 'sitting' || posture === 'floor')
      posture = random.pick(lying);
  };
  const choose = (hour: number): ActivityState => {
    const night = hour < 6 || hour >= 22;
    if (state === 'falling') return 'on-floor';
    if (state === 'turning') return night ? 'asleep' : 'resting';
    const lot = random.next();
    if (night) return lot < 0.55 ? 'turning' : lot < 0.93 ? 'asleep' : lot < 0.97 ? 'resting' : 'walking';
    return lot < 0.3 ? 'turning' : lot < 0.6 ? 'resting' : lot < 0.82 ? 'sitting' : lot < 0.94 ? 'walking' : 'asleep';
  };
  return {
    step(hour) {
      const before = posture;
      leftS -= dtS;
      if (ordered) enter(ordered.state, ordered.forS);
      else if (leftS <= 0) enter(choose(hour), state === 'falling' ? fallLieS : undefined);
      ordered = undefined;
      const kind = kinds[state];
      const motionG = kind.motionG * (0.7 + 0.6 * random.next());
      const peakG = state === 'falling' ? 3.2 + 2.5 * random.next() : 1 + motionG * 2.2;
      return { state, posture, before, effort: kind.effort, motionG, peakG };
    },
    fall(lieS) {
      fallLieS = lieS;
      // Over after one step, whatever its length.
      ordered = { state: 'falling', forS: dtS / 2 };
    },
    walk: (seconds) => void (ordered = { state: 'walking', forS: seconds }),
    lieDown: () => void (ordered = { state: 'resting', forS: 900 }),
  };
}
