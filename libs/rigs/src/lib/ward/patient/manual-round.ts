import type { Acvpu, Random } from '@edge-blueprints/contracts';
import { trueNews2 } from '../truth/news2-points.js';
import type { PatientCharacter } from './patient-character.js';
import type { TrueVitals } from './true-vitals.js';

/** What a nurse measures at the bed and writes down; numbers as decimal strings. */
export interface ManualRound {
  readonly bed: string;
  readonly atMs: number;
  readonly respiration: string;
  readonly oxygenSaturation: string;
  readonly supplementalOxygen: 'air' | 'oxygen';
  readonly systolic: string;
  readonly diastolic: string;
  readonly pulse: string;
  readonly consciousness: Acvpu;
  readonly temperature: string;
}

/**
 * Rounds of one patient: every 6 h, hourly from a score of 5 on, within a quarter of an hour (RCP 2017, chart 4, gives
 * 4 to 6 hours and one hour). The first round is within two hours.
 */
export function createRounds(
  character: PatientCharacter,
  random: Random,
): {
  due(atS: number, atMs: number, vitals: TrueVitals): ManualRound | undefined;
  /** Out of turn; the next round in turn comes as it would have. */
  measure(atMs: number, vitals: TrueVitals): ManualRound;
} {
  let nextS = 60 + 7_000 * random.next();
  const measure = (atMs: number, vitals: TrueVitals): ManualRound => {
    const whole = (value: number, sd: number): string => String(Math.round(value + sd * random.normal()));
    return {
      bed: character.bed,
      atMs,
      respiration: whole(vitals.respiration, 0.7),
      oxygenSaturation: String(Math.min(100, Math.round(vitals.spo2 + 0.5 * random.normal()))),
      supplementalOxygen: vitals.oxygen,
      systolic: whole(vitals.systolic, 3),
      diastolic: whole(vitals.diastolic, 2),
      pulse: whole(vitals.pulse, 1),
      consciousness: vitals.consciousness,
      temperature: (vitals.temperature + 0.1 * random.normal()).toFixed(1),
    };
  };
  return {
    due(atS, atMs, vitals) {
      if (atS < nextS) return undefined;
      const often = trueNews2(vitals, character.scale) >= 5;
      nextS = atS + (often ? 3_600 : 21_600) + 900 * (random.next() - 0.5);
      return measure(atMs, vitals);
    },
    measure,
  };
}
