import type { Acvpu, Random } from '@edge-blueprints/contracts';
import { createSleepApnoea } from './sleep-apnoea.js';
import { createWander } from './wander.js';
import type { PatientCharacter } from './patient-character.js';
import { storyKinds, storyShape, type Story, type StoryTarget } from './story.js';
import type { TrueVitals, VitalsSource } from './true-vitals.js';

/** Karjalainen and Viitasalo, Arch Intern Med 146 (1986): 8.5 beats a minute for each degree of fever. */
const pulsePerDegree = 8.5;
/** Chosen, as are all numbers below that name no source. */
const breathsPerDegree = 2;
const tau = { effortS: 40, apnoeaS: 8 } as const;

/**
 * A patient from the seed. Pulse, breathing and blood pressure share a slow wander; fever, effort and lack of oxygen drive
 * pulse and breathing; temperature, pulse and blood pressure follow the hour: lowest in the early morning (Mackowiak and others,
 * JAMA 268 (1992): temperature lowest at 6, highest from 16 to 18, about 0.5 degrees apart). Beats faster than a few seconds are
 * not in here: they belong to what a sensor sees.
 */
export function createPhysiology(character: PatientCharacter, random: Random, dtS: number): VitalsSource {
  const { resting, ageYears } = character;
  // Every value forgets over minutes: ten seconds between two knots lose nothing of it.
  const knotSteps = Math.max(1, Math.round(10 / dtS));
  const shared = createWander(random, dtS, 900, 1, knotSteps);
  const wander = {
    pulse: createWander(random, dtS, 600, 2.4, knotSteps),
    respiration: createWander(random, dtS, 400, 0.7, knotSteps),
    spo2: createWander(random, dtS, 900, 0.35, knotSteps),
    systolic: createWander(random, dtS, 1_800, 5, knotSteps),
    temperature: createWander(random, dtS, 5_400, 0.08, knotSteps),
  };
  const apnoea = createSleepApnoea(random, dtS);
  const effortShare = 1 - Math.exp(-dtS / tau.effortS);
  // Tanaka and others, J Am Coll Cardiol 37 (2001): highest rate 208 - 0.7 x age. A walk on the ward takes a quarter of the reserve.
  const effortPulse = 0.25 * (208 - 0.7 * ageYears - resting.pulse);
  let effort = 0;
  let lastSpo2 = resting.spo2;

  return {
    step(atS, hour, activity, stories) {
      effort += (activity.effort - effort) * effortShare;
      const day = Math.cos(((hour - 17) / 24) * 2 * Math.PI);
      const asleep = activity.state === 'asleep';
      const common = shared();
      const temperature = towards('temperature', resting.temperature + 0.25 * day, wander.temperature(), stories, atS);
      const fever = Math.max(0, temperature - 37.5);
      const want = Math.max(0, Math.min(95, resting.spo2) - 2 - lastSpo2);
      const dip = character.sleepApnoea ? apnoea(asleep) : 0;
      const saturation = resting.spo2 - (asleep ? 0.8 : 0) - 0.5 * effort - dip;
      const spo2 = Math.min(99.6, Math.max(30, towards('spo2', saturation, wander.spo2(), stories, atS)));
      lastSpo2 = spo2;
      const pulse = towards(
        'pulse',
        resting.pulse + 4 * day + effortPulse * effort + pulsePerDegree * fever + 1.3 * want,
        1.8 * common + wander.pulse(),
        stories,
        atS,
      );
      const respiration = towards(
        'respiration',
        resting.respiration + 0.6 * day + 3.5 * effort + breathsPerDegree * fever + 0.35 * want,
        0.6 * common + wander.respiration(),
        stories,
        atS,
      );
      const systolic = towards(
        'systolic',
        resting.systolic + 6 * day + 10 * effort,
        4 * common + wander.systolic(),
        stories,
        atS,
      );
      const { consciousness, irregular } = stories.length === 0 ? calm : mind(stories, atS);
      return {
        pulse: Math.max(20, pulse),
        spo2,
        respiration: Math.max(2, respiration),
        systolic,
        diastolic: resting.diastolic + 0.45 * (systolic - resting.systolic),
        temperature,
        consciousness,
        irregular,
        oxygen: character.oxygen,
      };
    },
  };
}

const calm = { consciousness: 'A', irregular: 0 } as const;

/** A body wanders about the value of its illness as it does about that of its health. */
function towards(of: StoryTarget, natural: number, wanders: number, stories: readonly Story[], atS: number): number {
  return (stories.length === 0 ? natural : pull(of, natural, stories, atS)) + wanders;
}

/** Draws a value towards what the stories want of it. */
export function pull(of: StoryTarget, natural: number, stories: readonly Story[], atS: number): number {
  let value = natural;
  for (const story of stories) {
    const wanted = storyKinds[story.name].pulls[of];
    if (wanted === undefined) continue;
    value += (wanted.to - value) * storyShape(story, atS, wanted.lagS);
  }
  return value;
}

export function mind(stories: readonly Story[], atS: number): Pick<TrueVitals, 'consciousness' | 'irregular'> {
  let consciousness: Acvpu = 'A';
  let irregular = 0;
  for (const story of stories) {
    const kind = storyKinds[story.name];
    if (kind.consciousness === undefined && kind.irregular !== true) continue;
    const share = storyShape(story, atS);
    for (const { from, state } of kind.consciousness ?? []) if (share >= from) consciousness = state;
    if (kind.irregular === true) irregular = Math.max(irregular, share);
  }
  return { consciousness, irregular };
}
