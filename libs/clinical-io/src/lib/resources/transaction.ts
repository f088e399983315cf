import { UsageError } from '@edge-blueprints/contracts';
import type { FhirResource } from './fhir-elements.js';

export const maxBundleEntries = 100;

/**
 * A transaction of PUTs: all or nothing, and sending it again changes nothing.
 * @param resources at most 100, each id once
 * @throws UsageError `fhir.bundle`
 */
export function transactionBundle(resources: readonly FhirResource[]) {
  const names = resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (resources.length === 0 || resources.length > maxBundleEntries || twice.length > 0)
    throw new UsageError(
      'fhir.bundle',
      `a transaction holds 1 to ${maxBundleEntries} resources, each once; this one has ${resources.length}` +
        (twice.length > 0 ? `, twice: ${twice.slice(0, 3).join(', ')}` : ''),
    );
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource, at) => ({ resource, request: { method: 'PUT', url: names[at] ?? '' } })),
  } as const;
}
