import type { Random, SampleStatus } from '@edge-blueprints/contracts';
import type { Activity } from '../patient/activity.js';
import type { PatientCharacter } from '../patient/patient-character.js';
import type { TrueVitals } from '../patient/true-vitals.js';
import { createWander } from '../patient/wander.js';

/** One value as the wearable gives it: whole numbers, quality 0 to 100. */
export interface Reading {
  readonly v: number | null;
  readonly q: number;
  readonly status: readonly SampleStatus[];
}

export interface VitalReadings {
  readonly pulse: Reading;
  readonly spo2: Reading;
  readonly respiration: Reading;
  /** The light is disturbed by motion at this moment; the device does not know. */
  readonly artefact: boolean;
}

const fine: readonly SampleStatus[] = [];
const questionable: readonly SampleStatus[] = ['questionable'];
const invalid: readonly SampleStatus[] = ['invalid'];
const leadOff: readonly SampleStatus[] = ['lead-off'];
const off: Reading = { v: null, q: 0, status: leadOff };
export const leadOffReadings: VitalReadings = { pulse: off, spo2: off, respiration: off, artefact: false };

/** Below these qualities the device doubts a value, and gives none. */
const doubts = 40;
const givesNone = 10;

function reading(value: number, quality: number, high: number): Reading {
  const q = Math.max(0, Math.min(100, Math.round(quality)));
  if (q < givesNone) return { v: null, q, status: invalid };
  return { v: Math.max(0, Math.min(high, Math.round(value))), q, status: q < doubts ? questionable : fine };
}

/**
 * A photoplethysmogram of a finger or chest and what it makes of it, once a second: averaging over some seconds, noise, a
 * systematic error, whole numbers, and artefacts of motion. In an artefact SpO2 reads 2 to 14 points low and the pulse follows
 * the steps or jumps; mostly the quality tells, in one of seven it does not. Numbers are chosen.
 */
export function createVitalSensor(
  character: PatientCharacter,
  random: Random,
): (vitals: TrueVitals, activity: Activity) => VitalReadings {
  const { bias, perfusion, stepsHz } = character;
  const beat = createWander(random, 1, 8, 1);
  let pulse: number | undefined;
  let spo2: number | undefined;
  let respiration: number | undefined;
  let artefact: { leftS: number; readonly depth: number; readonly steps: boolean; readonly tells: boolean } | undefined;
  return (vitals, { motionG }) => {
    pulse = follow(pulse, vitals.pulse, 4);
    spo2 = follow(spo2, vitals.spo2, 5);
    respiration = follow(respiration, vitals.respiration, 8);
    const moving = motionG > 0.08;
    if (artefact === undefined && moving && random.next() < 0.05)
      artefact = {
        leftS: 4 + 16 * random.next(),
        depth: 2 + 12 * random.next() ** 2,
        steps: random.next() < 0.4,
        tells: random.next() > 1 / 7,
      };
    else if (artefact !== undefined && (artefact.leftS -= moving ? 1 : 3) <= 0) artefact = undefined;
    const variability = (1.6 + 11 * vitals.irregular) * beat();
    const noise = random.normal();
    const quality = 78 + 20 * perfusion - 140 * Math.min(0.3, motionG) + 2 * noise;
    let spo2Now = spo2 + bias.spo2 + 0.35 * random.normal();
    let pulseNow = pulse + bias.pulse + variability + 0.4 * noise;
    let optical = quality;
    if (artefact !== undefined) {
      spo2Now -= artefact.depth;
      pulseNow = artefact.steps ? stepsHz * 60 + 2 * noise : pulseNow + 14 * noise;
      optical = artefact.tells ? 8 + 2.5 * artefact.leftS : quality;
    }
    const breaths = respiration + (0.5 + 6 * Math.min(0.3, motionG)) * random.normal();
    return {
      pulse: reading(pulseNow, optical, 300),
      spo2: reading(spo2Now, optical, 100),
      respiration: reading(breaths, quality - 60 * Math.min(0.3, motionG), 80),
      artefact: artefact !== undefined,
    };
  };
}

/** First order average over so many seconds, in steps of one second. */
function follow(last: number | undefined, now: number, overS: number): number {
  return last === undefined ? now : last + (now - last) / overS;
}
