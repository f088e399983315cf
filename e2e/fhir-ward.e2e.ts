// What a running ward writes in FHIR, before the union of validators: gateway, wearables and FHIR server as processes, a nurse who
// acts and enters observations, a restart. Only the model's advice is drawn: a patient who deteriorates for hours takes hours.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSupervised, type SupervisedProcess } from '../apps/demo-rig/src/supervised-process.js';
import { putWardUser } from '../apps/ward-monitoring/src/access/ward-users.js';
import { createFhirRecorder } from '../apps/ward-monitoring/src/fhir/fhir-recorder.js';
import type { FhirResource } from '../libs/clinical-io/src/lib/resources/fhir-elements.js';
import { complaints, loadFhirValidators } from '../libs/clinical-io/src/testing/fhir-validators.js';
import { signIn } from './audit/ward-person.js';
import { suite } from './check.js';
import { freePort } from './free-port.js';
import { holdsWithin, pause } from './running-line.js';

const source = (file: string): string => join(import.meta.dirname, '..', file);
const expected = [
  ...['Location', 'Patient', 'Device', 'DeviceMetric', 'DocumentReference', 'Observation'],
  ...['Flag', 'Communication', 'Task', 'AuditEvent', 'RiskAssessment', 'Provenance'],
];
/** Kinds of Observation, by what stands in them. */
const observations: Readonly<Record<string, RegExp>> = {
  'a minute of a signal': /^(?=.*StructureDefinition\/oxygensat")(?=.*"completeness")/,
  'raw values around an alarm': /"valueSampledData"/,
  'blood pressure, both values': /"8462-4".{0,120}"valueQuantity":\{"value":72/,
  temperature: /"8310-5"/,
  consciousness: /Level of consciousness/,
  oxygen: /Inhaled oxygen/,
  NEWS2: /1104051000000101/,
};

await suite('fhir-ward', async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'ward-fhir-'));
  const path = (name: string): string => join(folder, name);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const server = await start('libs/clinical-io/src/fhir-server-main.ts', [
      '--file',
      path('fhir.jsonl'),
      '--check-profiles',
    ]);
    closers.push(() => server.stop());
    await putWardUser(path('users.json'), 'n.adams', 'nurse', '271828');
    const [page, mqtt] = [await freePort(), await freePort()];
    writeFileSync(path('ward.json'), JSON.stringify(wardConfig(page, mqtt, String(server.ready['baseUrl']))));
    const startGateway = () => start('apps/ward-monitoring/src/main.ts', ['--config', path('ward.json')]);
    let gateway = await startGateway();
    closers.push(() => gateway.stop(20_000));
    const wearables = ['--broker', `mqtt://127.0.0.1:${mqtt}`, '--site', 'north', '--ward', 'w-4', '--patients', '2'];
    const rig = await start('libs/rigs/src/ward-main.ts', [...wearables, '--hz', '0', '--stories', 'none']);
    closers.push(() => rig.stop());

    const nurse = await signIn(page, 'n.adams', '271828');
    await pause(3_000);
    rig.send({ command: 'story', name: 'hypoxia', patients: [1], riseS: 1, holdS: 600, fallS: 1, height: 1 });
    const alarm = await nurse.alarmOf('bed/01', 40_000);
    check('an alarm is raised and acknowledged', alarm !== undefined && (await nurse.acknowledge(alarm)));
    const entered = await nurse.observe('bed/01', {
      ...{ temperature: '37.4', systolic: '118', diastolic: '72', consciousness: 'C', supplementalOxygen: 'oxygen' },
      ...{ respiration: '18', pulse: '88' },
    });
    check('observations are entered', entered);
    // An alarm that no station paints becomes a Communication that failed.
    await pause(12_000);
    await rig.stop();
    await gateway.stop(20_000);
    // What was open at the end is on the disk, and goes with the next start.
    gateway = await startGateway();
    const drained = await holdsWithin(30_000, async () => (await nurse.view()).gateway.fhirWaiting === 0);
    await gateway.stop(20_000);
    check('a restart sends what waited', drained);
    await server.stop();

    const written = heldIn(path('fhir.jsonl'));
    const resources = [...written.values(), ...(await advised())];
    const types = new Map<string, number>();
    for (const { resourceType } of resources) types.set(resourceType, (types.get(resourceType) ?? 0) + 1);
    const missing = expected.filter((type) => !types.has(type));
    const counts = [...types].map(([type, count]) => `${type} ${count}`).join(', ');
    check(`all ${expected.length} types are there`, missing.length === 0, missing.length > 0 ? missing.join() : counts);
    const texts = resources
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map((one) => JSON.stringify(one));
    for (const [kind, pattern] of Object.entries(observations))
      check(
        `an Observation of ${kind}`,
        texts.some((text) => pattern.test(text)),
      );
    const balp = resources.filter(({ resourceType }) => resourceType === 'AuditEvent');
    check(
      `all ${balp.length} AuditEvents claim a pattern of BALP`,
      balp.every((one) => JSON.stringify(one.meta ?? '').includes('BALP/StructureDefinition/IHE.BasicAudit.')),
    );
    const validate = await loadFhirValidators();
    const wrong = resources.flatMap((one) => complaints(validate(one)).map((text) => `${one.resourceType}: ${text}`));
    check(
      `no validator objects to any of ${resources.length} resources`,
      wrong.length === 0,
      wrong.slice(0, 5).join(' | '),
    );
    const bogus: FhirResource = { ...(resources[0] ?? { resourceType: 'Flag', id: 'x' }), status: 'bogus', odd: 1 };
    check('and they object to a resource that is wrong', complaints(validate(bogus)).length > 0);
  } finally {
    for (const close of closers.reverse()) await close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
});

function start(entry: string, args: readonly string[]): Promise<SupervisedProcess> {
  const parts = { onEvent: () => undefined, onLog: () => undefined, readyTimeoutMs: 60_000 };
  return startSupervised({ name: entry, entry: source(entry), args, ...parts });
}

function wardConfig(page: number, mqtt: number, baseUrl: string) {
  return {
    ...{ site: 'north', ward: 'w-4', simulated: true, clock: 'trusted' },
    beds: ['01', '02'].map((bed) => ({ bed: `bed/${bed}`, label: `Bed ${bed}` })),
    admissions: ['1', '2'].map((n) => ({ bed: `bed/0${n}`, device: `w-000${n}`, name: `Patient ${n}`, ageYears: 70 })),
    chain: [{ id: 'n.adams', role: 'nurse' }],
    broker: { kind: 'embedded', host: '127.0.0.1', port: mqtt },
    ...{ usersFile: './users.json', stateFolder: './state', audit: { folder: './audit', keyFolder: './keys' } },
    fhir: { mode: 'server', baseUrl, audit: 'all' },
    model: {
      folder: source('models/bundles/vitals-anomaly'),
      trustedKeysFile: source('models/bundles/trusted-keys.json'),
    },
    dashboard: { port: page },
  };
}

/** The newest version of each resource in a file of the embedded server. */
function heldIn(file: string): ReadonlyMap<string, FhirResource> {
  const held = new Map<string, FhirResource>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const changes: unknown = JSON.parse(line);
    for (const change of Array.isArray(changes) ? changes : [changes]) {
      if (typeof change?.put !== 'string') continue;
      const resource: FhirResource = JSON.parse(change.put);
      held.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  return held;
}

/** What the recorder writes of an advice. */
async function advised(): Promise<readonly FhirResource[]> {
  const kept: string[] = [];
  const recorder = createFhirRecorder({
    queue: {
      append: async (entries) => {
        kept.push(...entries.map(({ body }) => body));
        return entries.length;
      },
    },
    ward: { site: 'north', ward: 'w-4', patientSince: () => 0, chainOf: () => [] },
    clock: { nowMs: () => 1_000, epochMs: () => 1_760_000_000_000 },
    model: {
      ...{ name: 'vitals-anomaly', version: '1.0.3', sha256: 'a'.repeat(64), activatedMs: 1_760_000_000_000 },
      ...{ card: '# card', horizonMs: 21_600_000, outcome: 'news2-high within 6 hours' },
    },
  });
  const explanation = [{ feature: 'respiration', share: 0.4 }];
  recorder.advisory(
    'bed/01',
    {
      kind: 'advice',
      view: { probability: 0.6, raised: true, model: 'vitals-anomaly 1.0.3', base: 0.1, explanation },
      occlusion: [],
      input: {
        ...{ subject: 'bed/01', condition: 'model-advisory', state: 'true', priority: 'PL', text: '' },
        facts: { input: 'f'.repeat(64) },
      },
    },
    1_000,
  );
  await recorder.finish();
  return kept.map((body): FhirResource => JSON.parse(body));
}
