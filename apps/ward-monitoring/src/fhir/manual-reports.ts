import { type FhirResource, manualObservation, type ManualValue, type WardStay } from '@edge-blueprints/clinical-io';
import { type ManualObservation, scoredConsciousness } from '../scores/observations/manual-observation.js';

export interface ManualEntry {
  readonly bed: string;
  /** As it was accepted by the observation desk. */
  readonly observation: ManualObservation;
  /** Entered with the systolic one; NEWS2 knows nothing of it. */
  readonly diastolicMmHg?: string;
  /** Pseudonym of who measured. */
  readonly by: string;
  /** Journal time that the desk was given. */
  readonly atMs: number;
}

/** One Observation for each value of a set; the kind of the value is part of its name. */
export function manualResources(entry: ManualEntry, stay: WardStay, wallOffsetMs: number): readonly FhirResource[] {
  const { by, atMs } = entry;
  const wallMs = atMs + wallOffsetMs;
  return valuesOf(entry).map(([name, value]) =>
    manualObservation({ stay, entryId: `${atMs}/${by}/${name}`, atMs: wallMs, enteredMs: wallMs, by, value }),
  );
}

function valuesOf({ observation, diastolicMmHg }: ManualEntry): readonly (readonly [string, ManualValue])[] {
  const { respirationPerMinute, saturationPercent, pulsePerMinute, systolicMmHg, temperatureCelsius, breathing } =
    observation;
  const consciousness = scoredConsciousness(observation);
  const vital = (signal: 'hr' | 'spo2' | 'rr', value: string | undefined) =>
    value === undefined ? [] : [[signal, { kind: 'vital', signal, value }] as const];
  return [
    ...vital('rr', respirationPerMinute),
    ...vital('spo2', saturationPercent),
    ...vital('hr', pulsePerMinute),
    ...(systolicMmHg === undefined ? [] : [['pressure', pressureOf(systolicMmHg, diastolicMmHg)] as const]),
    ...(temperatureCelsius === undefined
      ? []
      : [['temperature', { kind: 'temperature', celsius: temperatureCelsius }] as const]),
    ...(consciousness === undefined
      ? []
      : [['consciousness', { kind: 'consciousness', acvpu: consciousness }] as const]),
    ...(breathing === undefined
      ? []
      : [['oxygen', { kind: 'oxygen', litresPerMinute: breathing === 'air' ? 'air' : 'unknown' }] as const]),
  ];
}

function pressureOf(systolic: string, diastolic: string | undefined): ManualValue {
  return { kind: 'blood-pressure', systolic, ...(diastolic === undefined ? {} : { diastolic }) };
}
