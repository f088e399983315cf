import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../../compose/start-parts.js';
import { startSupervised, type ProcessEvent, type SupervisedProcess } from '../../supervised-process.js';

export interface WardSetting {
  /** Gets the configuration, and what the gateway writes. */
  readonly folder: string;
  readonly pageFolder: string;
  readonly patients: number;
  /** Beside or instead of what is usual here: parts of the gateway's configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export const wardNames = { site: 'north', ward: 'w-4' } as const;
export const bedOf = (number: number): string => `bed/${String(number).padStart(2, '0')}`;

/** Every bed has a patient with the wearable that the rig gives to that number. @returns the file */
export async function writeWardConfig({ folder, pageFolder, patients, settings }: WardSetting): Promise<string> {
  await mkdir(folder, { recursive: true });
  const numbers = Array.from({ length: patients }, (_, index) => index + 1);
  const config = {
    ...wardNames,
    simulated: true,
    clock: 'trusted',
    beds: numbers.map((number) => ({ bed: bedOf(number), label: `Bed ${number}` })),
    admissions: numbers.map((number) => ({
      bed: bedOf(number),
      device: `w-${String(number).padStart(4, '0')}`,
      name: `Invented Person ${number}`,
      ageYears: 60,
    })),
    chain: [
      { id: 'n.adams', role: 'nurse' },
      { id: 'c.baker', role: 'charge-nurse' },
      { id: 'p.clark', role: 'physician' },
    ],
    broker: { kind: 'embedded', host: '127.0.0.1', port: 0 },
    usersFile: 'users.json',
    stateFolder: 'state',
    audit: { folder: 'audit', keyFolder: 'keys' },
    dashboard: { port: 0 },
    pageFolder,
    ...settings,
  };
  const file = join(folder, 'ward.json');
  await writeFile(file, JSON.stringify(config, null, 1));
  return file;
}

export interface PartListener {
  readonly onEvent?: (event: ProcessEvent) => void;
  readonly onLog?: (line: string) => void;
}

/** @param reportMs how often it tells its figures; 0: when it stops */
export function startGateway(
  config: string,
  { onEvent = () => undefined, onLog = () => undefined }: PartListener,
  reportMs = 0,
): Promise<SupervisedProcess> {
  return startSupervised({
    name: 'ward gateway',
    entry: join(repositoryRoot, 'apps/ward-monitoring/src/main.ts'),
    args: ['--config', config, ...(reportMs === 0 ? [] : ['--report-ms', String(reportMs)])],
    ...{ onEvent, onLog },
    readyTimeoutMs: 120_000,
    // As on a small machine: without a limit V8 lets memory grow for a long time before it looks what is still needed.
    env: { NODE_OPTIONS: '--max-old-space-size=256' },
  });
}

/** @param args further ones of ward-main, which win over those that are usual here */
export function startWardRig(
  mqttPort: number,
  patients: number,
  args: readonly string[],
  { onEvent = () => undefined, onLog = () => undefined }: PartListener,
): Promise<SupervisedProcess> {
  return startSupervised({
    name: 'ward rig',
    entry: join(repositoryRoot, 'libs/rigs/src/ward-main.ts'),
    args: [
      ...['--broker', `mqtt://127.0.0.1:${mqttPort}`, '--site', wardNames.site, '--ward', wardNames.ward],
      ...['--patients', String(patients), '--stories', 'none', '--radio', 'off'],
      ...args,
    ],
    ...{ onEvent, onLog },
    readyTimeoutMs: 60_000,
  });
}
