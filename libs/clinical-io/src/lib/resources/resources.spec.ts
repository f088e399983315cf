import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { complaints, loadFhirValidators, type Verdict } from '../../testing/fhir-validators.js';
import { anyResources, stay } from '../../testing/ward-samples.js';
import { restAuditEvent } from './audit-event.js';
import { alarmFlag } from './alarm-resources.js';
import type { FhirResource } from './fhir-elements.js';
import { manualObservation } from './manual-observation.js';
import { resourceId } from './resource-id.js';
import { transactionBundle } from './transaction.js';
import { type VitalSummary, vitalObservation } from './vital-observation.js';

let validate: (resource: FhirResource) => Verdict;
beforeAll(async () => {
  validate = await loadFhirValidators();
}, 120_000);

const minute: VitalSummary = {
  stay,
  device: 'w-0012',
  boot: 'b1',
  fromSeq: 0,
  toSeq: 59,
  startMs: 1_760_000_000_000,
  endMs: 1_760_000_060_000,
  statuses: [],
  signal: 'spo2',
  expected: 60,
  usable: 59,
  values: { min: 91, mean: 93.333333, max: 96, last: 94 },
};
const observation = vitalObservation(minute);
const audited = restAuditEvent({
  requestId: 'r-1',
  atMs: minute.endMs,
  interaction: 'update',
  client: { name: 'gateway', address: '10.0.0.3' },
  server: { name: 'server', address: 'fhir.example' },
  patient: { reference: 'Patient/1' },
  data: { reference: 'Observation/1' },
  ok: true,
});
const pressure = manualObservation({
  stay,
  entryId: 'e-1',
  atMs: 1,
  enteredMs: 2,
  by: 'n-1',
  value: { kind: 'blood-pressure', systolic: '120' },
});
const flag = alarmFlag({
  place: stay,
  stay,
  wallOffsetMs: minute.endMs,
  atMs: 5,
  alarm: {
    alarmId: 'a-1',
    subject: 'bed/07',
    condition: 'spo2-low',
    type: 'SP',
    priority: 'PM',
    phase: 'on',
    latching: false,
    onsetMs: 1,
    signalLost: false,
    responsibility: 'offered',
    step: 0,
    text: 'SpO2 87 % for 15 s, limit 90 %',
  },
});

describe('every builder passes the union of validators', () => {
  const runs = process.env['EDGE_LONG_TESTS'] === 'true' ? 300 : 4;
  it.each(Object.entries(anyResources))('%s', (_, resources) => {
    fc.assert(
      fc.property(resources, (made) => {
        for (const resource of made) expect(complaints(validate(resource)), JSON.stringify(resource)).toEqual([]);
      }),
      { numRuns: runs, seed: 7 },
    );
  });
});

/** What the union must catch, and who of it does. */
const without = (name: string, from: FhirResource = observation): FhirResource => {
  const { [name]: _gone, ...rest } = from;
  return { ...rest, resourceType: from.resourceType, id: from.id };
};
const unit = (code: string) => ({ value: 93, unit: code, system: 'http://unitsofmeasure.org', code });
const mutations: readonly (readonly [string, keyof Verdict, FhirResource])[] = [
  ['no 2708-6', 'profiles', { ...observation, code: { coding: [{ system: 'http://loinc.org', code: '59408-5' }] } }],
  ['a status that is none', 'codes', { ...observation, status: 'bogus' }],
  ['no category', 'profiles', without('category')],
  ['no subject', 'profiles', without('subject')],
  ['no time', 'profiles', without('effectiveDateTime')],
  ['a time without its day', 'profiles', { ...observation, effectiveDateTime: '2026' }],
  ['value and absence at once', 'own', { ...observation, dataAbsentReason: { text: 'x' } }],
  ['neither value nor absence', 'profiles', { ...without('valueQuantity'), component: undefined }],
  ['percent for %', 'units', { ...observation, valueQuantity: unit('percent') }],
  ['a true unit of another quantity', 'own', { ...observation, valueQuantity: unit('kg') }],
  ['an element of nobody', 'profiles', { ...observation, saturation: 93 }],
  ['a number as text', 'profiles', { ...observation, valueQuantity: { ...unit('%'), value: '93' } }],
  ['a device as the patient', 'own', { ...observation, subject: { reference: 'Device/1' } }],
  ['a blood pressure of one number', 'own', { ...pressure, component: [pressure['component']].flat().slice(0, 1) }],
  ['a flag without a code', 'profiles', without('code', flag)],
  ['a flag that is on', 'codes', { ...flag, status: 'on' }],
  ['an audit without its server', 'own', { ...audited, agent: [audited['agent']].flat().slice(0, 1) }],
  ['an audit without its patient', 'own', { ...audited, entity: [audited['entity']].flat().slice(0, 1) }],
  ['an outcome that is none', 'codes', { ...audited, outcome: '1' }],
];
it.each(mutations)('%s is caught by %s', (_, who, mutant) => {
  expect(validate(mutant)[who]).not.toEqual([]);
});

it('names the same thing alike and two things apart', () => {
  expect(vitalObservation(minute).id).toBe(observation.id);
  expect(vitalObservation({ ...minute, boot: 'b2' }).id).not.toBe(observation.id);
  expect(resourceId('Observation', 'a', 'bc')).not.toBe(resourceId('Observation', 'ab', 'c'));
  // Fixed for good: another value would write everything a second time.
  expect(resourceId('Device', 'north', 'w3', 'w-0012')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

it('rounds the mean, and says how much of the minute it is of', () => {
  expect(observation['valueQuantity']).toMatchObject({ value: 93.3, code: '%' });
  expect(JSON.stringify(observation['component'])).toContain('98.3');
});

it('refuses a transaction that holds a resource twice, none, or too many', () => {
  expect(() => transactionBundle([observation, observation])).toThrow(expect.objectContaining({ code: 'fhir.bundle' }));
  expect(() => transactionBundle([])).toThrow(/1 to 100/);
});
