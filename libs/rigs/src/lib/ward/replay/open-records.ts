import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceError, UsageError } from '@edge-blueprints/contracts';
import type { PatientCharacter } from '../patient/patient-character.js';
import type { VitalsSource } from '../patient/true-vitals.js';
import { readIcuStays, type IcuStay } from './icu-stays.js';
import { pulseRates, readSignal, withRecordedPulse } from './pulse-recording.js';
import { createStaySource, isFollowable } from './stay-source.js';

type Recorded = (number: number) => ((rendered: VitalsSource, character: PatientCharacter) => VitalsSource) | undefined;

/**
 * Records that replace rendered values: a stay for each patient, and the pulse of a photoplethysmogram for patient 1.
 * @throws DeviceError `rig.stays-missing`, `rig.stays-format`, `rig.pulse-format`, UsageError `rig.pulse-option`
 */
export async function openRecords(options: {
  readonly patients: number;
  readonly icu?: string | undefined;
  readonly pulse?: string | undefined;
}): Promise<Recorded> {
  const stays = options.icu === undefined ? [] : await openStays(options.icu, options.patients);
  const rates = options.pulse === undefined ? undefined : await openPulse(options.pulse);
  return (number) => {
    const stay = stays[number - 1];
    if (stay === undefined && (rates === undefined || number !== 1)) return undefined;
    return (rendered) => {
      const source = stay === undefined ? rendered : createStaySource(stay, rendered);
      return rates === undefined || number !== 1 ? source : withRecordedPulse(rates, source);
    };
  };
}

/** The first stays that somebody can follow, as many as there are patients; later patients are rendered. */
export async function openStays(folder: string, count: number): Promise<readonly IcuStay[]> {
  const files = (await readdir(folder)).filter((name) => /^set-.*\.csv$/.test(name)).sort();
  if (files.length === 0)
    throw new DeviceError('rig.stays-missing', `no set-*.csv in ${folder}; give the folder of the CinC Challenge 2012`);
  const stays: IcuStay[] = [];
  for (const file of files) {
    if (stays.length >= count) break;
    const path = join(folder, file);
    stays.push(...readIcuStays(await readFile(path, 'utf8'), path).filter(isFollowable));
  }
  return stays.slice(0, count);
}

async function openPulse(option: string): Promise<readonly (number | null)[]> {
  const [, file, written] = /^(.+)@([\d.]+)$/.exec(option) ?? [];
  const hz = Number(written);
  if (file === undefined || !(hz >= 10 && hz <= 2_000))
    throw new UsageError('rig.pulse-option', `${option} is not FILE@HZ with 10 to 2000 samples a second`);
  return pulseRates(readSignal(await readFile(file, 'utf8'), file), hz);
}
