import { createWardPatient, type WardPatient, type WardSecond } from './patient/ward-patient.js';
import { scheduleStories, usualRates, type StoryRates } from './patient/story-schedule.js';
import { patientCharacter, type PatientCharacter } from './patient/patient-character.js';
import type { VitalsSource } from './patient/true-vitals.js';

export interface VirtualWardOptions {
  readonly seed: number;
  readonly patients: number;
  /** Number of the first; 1. A long study may be split over processes: patients share nothing. */
  readonly from?: number;
  readonly hours: number;
  /** Unix time of the first second; 0 is midnight of a day, and the patients live by it. */
  readonly startMs?: number;
  readonly rates?: StoryRates;
  /** Recorded values for a patient, or undefined for rendered ones. */
  readonly recorded?: (
    number: number,
  ) => ((rendered: VitalsSource, character: PatientCharacter) => VitalsSource) | undefined;
}

/** The patients of a ward in virtual time, ready to be stepped. */
export function createVirtualPatients(options: VirtualWardOptions): readonly WardPatient[] {
  const { seed, hours, from = 1, startMs = 0, rates = usualRates } = options;
  return Array.from({ length: options.patients }, (_, index) => {
    const number = from + index;
    const { bed } = patientCharacter(seed, number);
    return createWardPatient({
      seed,
      number,
      dtS: 1,
      startHour: (startMs / 3_600_000) % 24,
      stories: scheduleStories({ seed, number, bed, hours, rates }),
      recorded: options.recorded?.(number),
    });
  });
}

/**
 * A ward without a network: every second of all patients with its truth, as fast as the reader takes it. 200 patients by 7 days
 * are 121 million rows; nothing is kept. Gives way to other work once in a virtual minute.
 */
export async function* virtualWard(
  options: VirtualWardOptions,
  signal?: AbortSignal,
): AsyncGenerator<readonly WardSecond[], void, undefined> {
  const patients = createVirtualPatients(options);
  const { startMs = 0, hours } = options;
  for (let second = 0; second < hours * 3_600; second++) {
    const atMs = startMs + second * 1_000;
    yield patients.map((patient) => patient.step(atMs));
    if (second % 60 === 59) await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}
