import type { FhirResource } from '../resources/fhir-elements.js';
import { heldTypes, knownProfiles } from './definitions.js';

/** CapabilityStatement: what this server does, and nothing that it does not. @param dateMs when the process started */
export function capabilityStatement(baseUrl: string, dateMs: number): FhirResource {
  const interactions = ['read', 'vread', 'update', 'delete', 'history-instance', 'create', 'search-type'];
  return {
    resourceType: 'CapabilityStatement',
    id: 'edge-blueprints-fhir',
    status: 'active',
    date: new Date(dateMs).toISOString(),
    kind: 'instance',
    software: { name: 'Edge Blueprints embedded FHIR server', version: '0.1.0' },
    implementation: { description: 'For demonstration and tests; on the loopback address only', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        resource: heldTypes.map((type) => ({
          type,
          ...(type === 'Observation'
            ? { supportedProfile: knownProfiles.map((name) => `http://hl7.org/fhir/StructureDefinition/${name}`) }
            : {}),
          interaction: interactions.map((code) => ({ code })),
          versioning: 'versioned-update',
          readHistory: true,
          updateCreate: true,
          conditionalCreate: true,
          conditionalUpdate: true,
          conditionalDelete: 'single',
        })),
      },
    ],
  };
}
