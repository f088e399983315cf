import { createRequire } from 'node:module';
import type * as FhirPackage from 'fhir';
import type { FhirResource } from '../lib/resources/fhir-elements.js';
import { loadResourceCheck } from '../lib/server/resource-check.js';

/** Complaints by who made them. No complaint of any is a pass. */
export type Verdict = Readonly<Record<'codes' | 'profiles' | 'units' | 'own', readonly string[]>>;

const require = createRequire(import.meta.url);

/**
 * The union of validators: none of them is enough alone. `codes`: the package `fhir` (structure, codes of required value sets).
 * `profiles`: Medplum with the R4 profiles (invariants, slices, profiles). `units`: UCUM of the LHC. `own`: what the three leave out.
 */
export async function loadFhirValidators(): Promise<(resource: FhirResource) => Verdict> {
  const check = await loadResourceCheck();
  const { Fhir }: typeof FhirPackage = require('fhir');
  const fhir = new Fhir();
  const { UcumLhcUtils } = require('@lhncbc/ucum-lhc');
  const ucum: { validateUnitString(unit: string): { status: string } } = UcumLhcUtils.getInstance();
  return (resource) => {
    const plain: FhirResource = JSON.parse(JSON.stringify(resource));
    const { messages } = fhir.validate(plain, { errorOnUnexpected: true });
    return {
      codes: messages
        .filter(({ severity }) => severity === 'error' || severity === 'fatal')
        .map(({ location, message }) => `${location}: ${message}`),
      profiles: check(plain).map(({ path, problem }) => `${path}: ${problem}`),
      units: quantities(plain)
        .filter(({ code }) => ucum.validateUnitString(String(code)).status !== 'valid')
        .map(({ code }) => `no UCUM unit: ${String(code)}`),
      own: ownProblems(plain),
    };
  };
}

export const complaints = (verdict: Verdict): readonly string[] =>
  Object.entries(verdict).flatMap(([who, problems]) => problems.map((problem) => `${who}: ${problem}`));

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function* objects(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* objects(item);
  else if (isObject(value)) {
    yield value;
    for (const item of Object.values(value)) yield* objects(item);
  }
}
const quantities = (resource: FhirResource): readonly Json[] =>
  [...objects(resource)].filter(({ system, code }) => system === 'http://unitsofmeasure.org' && code !== undefined);

/** Units that the profiles fix, by LOINC code. */
const fixedUnits: Readonly<Record<string, string>> = {
  '8867-4': '/min',
  '9279-1': '/min',
  '2708-6': '%',
  '8310-5': 'Cel',
  '8480-6': 'mm[Hg]',
  '8462-4': 'mm[Hg]',
};

function ownProblems(resource: FhirResource): readonly string[] {
  const problems: string[] = [];
  for (const measured of [resource, ...list(resource['component'])]) {
    const values = Object.keys(measured).filter((name) => /^value[A-Z]/.test(name));
    const absent = measured['dataAbsentReason'] !== undefined;
    const parted = measured === resource && list(resource['component']).length > 0;
    if (resource.resourceType === 'Observation') {
      if (values.length > 0 && absent) problems.push('a value and a reason for its absence');
      if (values.length === 0 && !absent && !parted) problems.push('neither a value nor a reason for its absence');
    }
    const codes = isObject(measured['code']) ? list(measured['code']['coding']).map(({ code }) => String(code)) : [];
    const unit = isObject(measured['valueQuantity']) ? measured['valueQuantity']['code'] : undefined;
    for (const code of codes) {
      const fixed = fixedUnits[code];
      if (fixed !== undefined && unit !== undefined && unit !== fixed) problems.push(`${code} in ${String(unit)}`);
    }
  }
  for (const { subject } of resource.resourceType === 'Observation' ? [resource] : [])
    if (!isObject(subject) || !String(subject['reference']).startsWith('Patient/'))
      problems.push('not about a patient');
  return [...problems, ...pressureProblems(resource), ...auditProblems(resource)];
}

/** The slices of the profile `bp`, which Medplum does not find. */
function pressureProblems(resource: FhirResource): readonly string[] {
  if (!JSON.stringify(resource['meta'] ?? '').includes('StructureDefinition/bp"')) return [];
  const codes = list(resource['component']).flatMap(({ code }) => (isObject(code) ? list(code['coding']) : []));
  return ['8480-6', '8462-4']
    .filter((wanted) => codes.filter(({ code }) => code === wanted).length !== 1)
    .map((wanted) => `blood pressure without ${wanted}`);
}

/** Cardinality inside the slices of BALP, which Medplum does not look at. */
function auditProblems(resource: FhirResource): readonly string[] {
  if (resource.resourceType !== 'AuditEvent' || !JSON.stringify(resource['meta'] ?? '').includes('BasicAudit'))
    return [];
  const agents = list(resource['agent']);
  const roleOf = (agent: Json): string =>
    isObject(agent['type'])
      ? list(agent['type']['coding'])
          .map(({ code }) => String(code))
          .join()
      : '';
  const machines = agents.filter((agent) => /^(1101\d\d|custodian)$/.test(roleOf(agent)));
  const entities = list(resource['entity']);
  const typed = (code: string) => entities.filter(({ type }) => isObject(type) && type['code'] === code);
  return [
    ...(machines.length === 2 ? [] : ['client and server, each once']),
    ...(machines.every(({ who, network }) => isObject(who) && isObject(network) && network['address'] !== '')
      ? []
      : ['client and server have who and network']),
    ...(agents.filter(({ requestor }) => requestor === true).length === 1 ? [] : ['one requestor']),
    ...(typed('2').length === 1 ? [] : ['one data or query entity']),
    ...(JSON.stringify(resource['meta']).includes('.Patient') && typed('1').length !== 1 ? ['one patient entity'] : []),
    ...(typed('XrequestId').length === 1 ? [] : ['one X-Request-Id']),
    ...(resource['outcome'] === '0' ? [] : ['the profiles are for what succeeded']),
  ];
}
