import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { PatientCharacter } from '../patient/patient-character.js';
import type { WardSecond } from '../patient/ward-patient.js';
import { usualLimits } from './truth-keeper.js';

/** The first sample beyond a usual limit as the wearable gave it, noise and averaging included: what a gateway can go by. */
export interface MeasuredCrossing {
  readonly bed: string;
  readonly condition: AlarmCondition;
  readonly value: number;
}

/** Back for so long: the next one is another crossing. */
const apartMs = 15_000;
/** Below this quality a sample is no measurement. */
const usableQuality = 15;
const nothing: readonly MeasuredCrossing[] = [];
const signalOf = {
  'pulse-low': 'pulse',
  'pulse-high': 'pulse',
  'spo2-low': 'spo2',
  'spo2-very-low': 'spo2',
  'respiration-low': 'respiration',
  'respiration-high': 'respiration',
} as const satisfies Partial<Record<AlarmCondition, keyof WardSecond>>;

/** Watches what one wearable says, second by second. */
export function createMeasuredCrossings(character: Pick<PatientCharacter, 'bed' | 'scale'>) {
  const watched = usualLimits(character).flatMap(({ condition, limit, side }) => {
    const signal = Object.entries(signalOf).find(([name]) => name === condition)?.[1];
    return signal === undefined ? [] : [{ condition, limit, side, signal, lastMs: Number.NEGATIVE_INFINITY }];
  });
  return (second: Pick<WardSecond, 'atMs' | 'pulse' | 'spo2' | 'respiration'>): readonly MeasuredCrossing[] => {
    let crossings: MeasuredCrossing[] | undefined;
    for (const limit of watched) {
      const { v, q } = second[limit.signal];
      if (v === null || q < usableQuality || (limit.side === '<' ? v >= limit.limit : v <= limit.limit)) continue;
      if (second.atMs - limit.lastMs > apartMs)
        (crossings ??= []).push({ bed: character.bed, condition: limit.condition, value: v });
      limit.lastMs = second.atMs;
    }
    return crossings ?? nothing;
  };
}
