import { createRandom, type Random, type SpO2Scale } from '@edge-blueprints/contracts';

/** Who lies in a bed, drawn from the seed: what stays the same from the first second to the last. */
export interface PatientCharacter {
  /** From 1. */
  readonly number: number;
  /** Pseudonym of the bed, `bed/07`, and name of the wearable, `w-0007`. */
  readonly bed: string;
  readonly device: string;
  readonly ageYears: number;
  readonly resting: {
    readonly pulse: number;
    readonly spo2: number;
    readonly respiration: number;
    readonly systolic: number;
    readonly diastolic: number;
    readonly temperature: number;
  };
  /** 2: lives with hypercapnic failure, a target of 88 to 92 % is prescribed. */
  readonly scale: SpO2Scale;
  readonly oxygen: 'air' | 'oxygen';
  /** Breathing stops for some seconds again and again while asleep. */
  readonly sleepApnoea: boolean;
  readonly stepsHz: number;
  readonly tremorG: number;
  /** Systematic errors of this sensor on this skin. */
  readonly bias: { readonly pulse: number; readonly spo2: number };
  /** 0 to 1: how well the light gets through. */
  readonly perfusion: number;
  /** Of the device: what the clock is off by at the start, and how fast it runs. */
  readonly clock: { readonly offsetMs: number; readonly driftPpm: number };
  readonly battery: { readonly startPercent: number; readonly lifeHours: number };
}

const between = (random: Random, low: number, high: number): number => low + random.next() * (high - low);
const near = (random: Random, middle: number, sd: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, middle + sd * random.normal()));

/**
 * All ranges are chosen for an adult general ward: a plausible spread, not statistics of a hospital. The sensor's spread of
 * SpO2 stays well below the 4 % root mean square error that ISO 80601-2-61 permits.
 */
export function patientCharacter(seed: number, number: number): PatientCharacter {
  const random = createRandom(seed).fork(`patient/${number}`);
  const lung = random.next();
  const scale = lung < 0.1 ? 2 : 1;
  const systolic = near(random, 132, 10, 119, 165);
  return {
    number,
    bed: `bed/${String(number).padStart(2, '0')}`,
    device: `w-${String(number).padStart(4, '0')}`,
    ageYears: Math.round(near(random, 66, 15, 19, 96)),
    resting: {
      pulse: near(random, 74, 8, 56, 92),
      spo2: scale === 2 ? near(random, 90.5, 0.6, 89.2, 92) : near(random, 96.8, 0.8, 95.4, 98.6),
      respiration: near(random, 15.5, 1.6, 12, 19),
      systolic,
      diastolic: systolic * 0.6,
      // Mackowiak and others, JAMA 268 (1992): 36.8 in the middle of healthy adults.
      temperature: near(random, 36.8, 0.2, 36.3, 37.3),
    },
    scale,
    oxygen: random.next() < (scale === 2 ? 0.4 : 0.06) ? 'oxygen' : 'air',
    sleepApnoea: random.next() < 0.08,
    stepsHz: between(random, 1.2, 1.8),
    tremorG: random.next() < 0.1 ? between(random, 0.01, 0.03) : 0,
    bias: { pulse: near(random, 0, 0.5, -1, 1), spo2: near(random, 0, 0.6, -1.2, 1.2) },
    perfusion: between(random, 0.55, 1),
    clock: { offsetMs: Math.round(near(random, 0, 300, -900, 900)), driftPpm: near(random, 0, 15, -40, 40) },
    battery: { startPercent: between(random, 30, 100), lifeHours: between(random, 96, 144) },
  };
}
