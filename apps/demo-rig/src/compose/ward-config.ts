import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { hashPassword } from '@edge-blueprints/dashboard';
import { patientCharacter } from '@edge-blueprints/rigs';
import type { DemoOptions } from '../options.js';
import { repositoryRoot as root } from './start-parts.js';

/** The ward of the demo, in topics and resources. */
export const demoWard = { site: 'demo', ward: 'ward-4' } as const;

/** Who can sign in at the nurse station, one of each kind. */
export const wardPeople = [
  { name: 'n.adams', role: 'nurse' },
  { name: 'c.baker', role: 'charge-nurse' },
  { name: 'p.clark', role: 'physician' },
  { name: 'a.dean', role: 'auditor' },
] as const;
const callingRoles: ReadonlySet<string> = new Set(['nurse', 'charge-nurse', 'physician']);

/** Limits of who is prescribed a target of 88 to 92 %; the rig's truth goes by the same. */
const targetLimits = { saturationLowPercent: 86, saturationVeryLowPercent: 82 };

/** Six digits, three of them different at least, as the ward asks for. */
export function drawPin(): string {
  for (;;) {
    const pin = String(randomInt(100_000, 1_000_000));
    if (new Set(pin).size >= 3) return pin;
  }
}

/** The file of the ward's people: one PIN for all, of this run only. */
export async function wardUsers(pin: string) {
  const pinHash = await hashPassword(pin, randomBytes(16));
  return { users: wardPeople.map((person) => ({ ...person, pinHash })) };
}

/** The gateway's configuration for this run: a ward that is full from the start, everything on loopback. */
export function wardConfig(input: {
  readonly options: DemoOptions;
  readonly folder: string;
  readonly page: string;
  readonly fhirUrl: string;
}) {
  const { options, folder } = input;
  const patients = Array.from({ length: options.patients }, (_, index) => patientCharacter(options.seed, index + 1));
  return {
    ...demoWard,
    simulated: true,
    beds: patients.map(({ bed, number }) => ({ bed, label: `Bed ${number}` })),
    admissions: patients.map(({ bed, device, number, ageYears, scale }) => ({
      ...{ bed, device, name: `Invented Patient ${number}`, ageYears, scale },
      ...(scale === 2 ? { limits: targetLimits } : {}),
    })),
    chain: wardPeople.filter(({ role }) => callingRoles.has(role)).map(({ name, role }) => ({ id: name, role })),
    broker: { kind: 'embedded', host: '127.0.0.1', port: 0 },
    fhir: { mode: 'server', baseUrl: input.fhirUrl },
    usersFile: join(folder, 'users.json'),
    stateFolder: join(folder, 'state'),
    audit: { folder: join(folder, 'audit'), keyFolder: join(folder, 'keys') },
    // A demonstration must not depend on which time service a laptop runs.
    clock: 'trusted',
    model: {
      folder: join(root, 'models/bundles/vitals-anomaly'),
      trustedKeysFile: join(root, 'models/bundles/trusted-keys.json'),
    },
    dashboard: { port: options.port === 0 ? 0 : options.port + 4 },
    pageFolder: input.page,
  };
}
