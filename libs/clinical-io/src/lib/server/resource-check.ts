import type { FhirResource } from '../resources/fhir-elements.js';
import { definitionUrl, heldTypes, knownProfiles, readAllDefinitions, readDefinitions } from './definitions.js';

/** One thing that is wrong, with the path of the element. */
export interface ResourceProblem {
  readonly path: string;
  readonly problem: string;
}

/** Checks a resource against R4 and against the profiles it claims. An empty list is a pass. */
export type ResourceCheck = (
  resource: FhirResource,
  options?: { readonly profiles: boolean },
) => readonly ResourceProblem[];

/** Required codes of what the ward writes. The validator below does not look at them. */
const requiredCodes: readonly (readonly [type: string, element: string, codes: readonly string[]])[] = [
  [
    'Observation',
    'status',
    ['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown'],
  ],
  [
    'RiskAssessment',
    'status',
    ['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown'],
  ],
  ['Flag', 'status', ['active', 'inactive', 'entered-in-error']],
  [
    'Communication',
    'status',
    ['preparation', 'in-progress', 'not-done', 'on-hold', 'stopped', 'completed', 'entered-in-error', 'unknown'],
  ],
  ['Communication', 'priority', ['routine', 'urgent', 'asap', 'stat']],
  [
    'Task',
    'status',
    [
      'draft',
      'requested',
      'received',
      'accepted',
      'rejected',
      'ready',
      'cancelled',
      'in-progress',
      'on-hold',
      'failed',
      'completed',
      'entered-in-error',
    ],
  ],
  [
    'Task',
    'intent',
    [
      'unknown',
      'proposal',
      'plan',
      'order',
      'original-order',
      'reflex-order',
      'filler-order',
      'instance-order',
      'option',
    ],
  ],
  ['Task', 'priority', ['routine', 'urgent', 'asap', 'stat']],
  ['Device', 'status', ['active', 'inactive', 'entered-in-error', 'unknown']],
  ['DeviceMetric', 'operationalStatus', ['on', 'off', 'standby', 'entered-in-error']],
  ['DeviceMetric', 'category', ['measurement', 'setting', 'calculation', 'unspecified']],
  ['DocumentReference', 'status', ['current', 'superseded', 'entered-in-error']],
  ['Location', 'status', ['active', 'suspended', 'inactive']],
  ['AuditEvent', 'action', ['C', 'R', 'U', 'D', 'E']],
  ['AuditEvent', 'outcome', ['0', '4', '8', '12']],
];

const held: readonly string[] = ['Resource', ...heldTypes];

let loading: Promise<ResourceCheck> | undefined;

/**
 * Medplum's validator with the R4 definitions of what the ward writes, and the search parameters that its router matches by. The first call loads them (figures in the README); the
 * definitions live in tables of that package, so one process has them once.
 * It knows structure, cardinality, types, invariants and slices; which codes a required value set has is added here for what the
 * ward writes.
 */
export function loadResourceCheck(): Promise<ResourceCheck> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<ResourceCheck> {
  const core = await import('@medplum/core');
  const isDefinition = (value: unknown): value is Parameters<typeof core.loadDataType>[0] =>
    typeof value === 'object' &&
    value !== null &&
    'resourceType' in value &&
    value.resourceType === 'StructureDefinition';
  const isSearch = (value: unknown): value is Parameters<typeof core.indexSearchParameter>[0] =>
    typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'SearchParameter';
  const isBundle = (value: unknown): value is { readonly entry: readonly { readonly resource: unknown }[] } =>
    typeof value === 'object' && value !== null && 'entry' in value && Array.isArray(value.entry);
  const types = await readAllDefinitions('profiles-types.json');
  const kinds = isBundle(types) ? types.entry.map(({ resource }) => resource) : [];
  const resources = await readDefinitions('profiles-resources.json', [
    'Resource',
    'DomainResource',
    'Bundle',
    'OperationOutcome',
    ...heldTypes,
  ]);
  core.indexStructureDefinitionBundle([...kinds, ...resources].filter(isDefinition));
  const searches = await readAllDefinitions('search-parameters.json');
  for (const { resource } of isBundle(searches) ? searches.entry : [])
    if (isSearch(resource) && resource.base?.some((type) => held.includes(type))) core.indexSearchParameter(resource);
  const profiles = new Map(
    (await readDefinitions('profiles-others.json', knownProfiles)).filter(isDefinition).map((p) => [p.url, p]),
  );
  const general = profiles.get(`${definitionUrl}vitalsigns`);
  if (general !== undefined) profiles.set(`${definitionUrl}bp`, general);
  type Checked = Parameters<typeof core.validateResource>[0];
  const isResource = (value: FhirResource): value is FhirResource & Checked => core.isResource(value);

  return (resource, options = { profiles: true }) => {
    if (!isResource(resource)) return [{ path: '', problem: 'not a resource' }];
    const claimed = options.profiles ? profilesOf(resource) : [];
    const structure = [undefined, ...claimed.flatMap((url) => profiles.get(url) ?? [])].flatMap((profile) => {
      try {
        const issues = core.validateResource(resource, profile === undefined ? {} : { profile });
        return issues.filter(({ severity }) => severity === 'error' || severity === 'fatal').map(problem);
      } catch (error) {
        if (error instanceof core.OperationOutcomeError) return (error.outcome.issue ?? []).map(problem);
        throw error;
      }
    });
    return [...structure, ...wrongCodes(resource)];
  };
}

function wrongCodes(resource: FhirResource): readonly ResourceProblem[] {
  return requiredCodes
    .filter(([type, element]) => type === resource.resourceType && resource[element] !== undefined)
    .filter(([, element, codes]) => !codes.some((code) => code === resource[element]))
    .map(([type, element, codes]) => ({
      path: `${type}.${element}`,
      problem: `${JSON.stringify(resource[element])} is not one of ${codes.join(', ')}`,
    }));
}

const problem = (issue: {
  readonly expression?: readonly string[];
  readonly details?: { readonly text?: string };
  readonly diagnostics?: string;
}): ResourceProblem => ({
  path: issue.expression?.join(', ') ?? '',
  problem: issue.details?.text ?? issue.diagnostics ?? 'invalid',
});

function profilesOf(resource: FhirResource): readonly string[] {
  const meta = resource['meta'];
  if (typeof meta !== 'object' || meta === null || !('profile' in meta) || !Array.isArray(meta.profile)) return [];
  return meta.profile.filter((url): url is string => typeof url === 'string');
}
