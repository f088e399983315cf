import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { buildPage } from './page-build.js';
import { portOf, repositoryRoot as root, webKitSource, type Parts } from './start-parts.js';
import { demoWard, drawPin, wardConfig, wardPeople, wardUsers } from './ward-config.js';

export interface WardDemo {
  readonly processes: Readonly<Record<'fhir' | 'ward' | 'patients', SupervisedProcess>>;
  /** The nurse station. */
  readonly url: string;
  readonly fhirUrl: string;
  /** Of everybody in `wardPeople`. */
  readonly pin: string;
  readonly configFile: string;
  /** The published trail, and the public half of the key that signs it. */
  readonly trail: { readonly folder: string; readonly vkeyFile: string };
}

/** FHIR server, the gateway of a ward, and its patients with their wearables. */
export async function composeWard(options: DemoOptions, data: string, { start, hooks }: Parts): Promise<WardDemo> {
  // A patient of another seed is somebody else: state of one ward must not become that of another.
  const folder = join(data, 'ward', `${options.patients}-patients-seed-${options.seed}`);
  await mkdir(folder, { recursive: true });
  const pin = drawPin();
  const [page, fhir, users] = await Promise.all([
    buildPage(join(root, 'apps/ward-monitoring/web'), [webKitSource]),
    start('fhir', ['--file', join(folder, 'fhir.jsonl')]),
    wardUsers(pin),
  ]);
  const { baseUrl } = fhir.ready;
  const fhirUrl = typeof baseUrl === 'string' ? baseUrl : '';
  hooks.onReady('fhir', `FHIR R4 at ${fhirUrl}`);
  const config = wardConfig({ options, folder, page: page.folder, fhirUrl });
  const file = join(folder, 'ward.json');
  await writeFile(config.usersFile, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 });
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  const ward = await start('ward', ['--config', file, '--report-ms', '1000']);
  const url = `http://127.0.0.1:${portOf(ward, 'page')}`;
  hooks.onReady('ward', `configuration ${file}`);
  const patients = await start('patients', [
    ...['--broker', `mqtt://127.0.0.1:${portOf(ward, 'mqtt')}`, '--site', demoWard.site, '--ward', demoWard.ward],
    ...['--patients', String(options.patients), '--seed', String(options.seed), '--stories', 'none'],
  ]);
  hooks.onReady('patients', `${options.patients} with a wearable each, seed ${options.seed}`);
  hooks.onReady('ward page', url);
  return {
    processes: { fhir, ward, patients },
    ...{ url, fhirUrl, pin, configFile: file },
    trail: { folder: join(config.audit.folder, 'log'), vkeyFile: join(config.audit.keyFolder, 'log.key.vkey') },
  };
}

/** What the terminal says of how to sign in. */
export const wardSignIn = ({ pin }: WardDemo): string =>
  `${wardPeople.map(({ name, role }) => `${name} (${role})`).join(', ')}, PIN ${pin} (this run only)`;
