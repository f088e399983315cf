import { type CodeableConcept, type FhirResource, instant, type Reference } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import { localUrl, systems } from './terminology.js';

/** Names of site and ward as in the topics. */
export interface WardPlace {
  readonly site: string;
  readonly ward: string;
}

/** Whose values these are: a bed and a stay in it, both pseudonyms. Two people in one bed are two stays. */
export interface WardStay extends WardPlace {
  readonly bed: string;
  readonly stay: string;
}

/** The pseudonymous Patient, `PSEUDED`. Who it is, only the hospital's own system knows. */
export function patientResource(stay: WardStay): FhirResource {
  return {
    resourceType: 'Patient',
    id: resourceId('Patient', stay.site, stay.ward, stay.bed, stay.stay),
    meta: { security: [{ system: systems.securityValue, code: 'PSEUDED' }] },
    identifier: [
      {
        system: localUrl('NamingSystem', 'stay'),
        value: `${stay.site}/${stay.ward}/${stay.bed}/${stay.stay}`,
      },
    ],
  };
}
export const patientReference = (stay: WardStay): Reference => ({
  reference: `Patient/${resourceId('Patient', stay.site, stay.ward, stay.bed, stay.stay)}`,
});

/** The ward, subject of the alarms that are about no patient. */
export function wardResource(place: WardPlace): FhirResource {
  return {
    resourceType: 'Location',
    id: resourceId('Location', place.site, place.ward),
    status: 'active',
    mode: 'instance',
    identifier: [{ system: localUrl('NamingSystem', 'ward'), value: `${place.site}/${place.ward}` }],
    name: `${place.site}/${place.ward}`,
  };
}
export const wardReference = (place: WardPlace): Reference => ({
  reference: `Location/${resourceId('Location', place.site, place.ward)}`,
});

/** A member of staff by pseudonym. A logical reference: people are not resources of this gateway. */
export const staffReference = (id: string, role?: string): Reference => ({
  type: 'Practitioner',
  identifier: { system: localUrl('NamingSystem', 'staff'), value: id },
  ...(role === undefined ? {} : { display: role }),
});

/** A role to which an alarm is offered before anybody has taken it. */
export const roleReference = (role: string): Reference => ({
  type: 'PractitionerRole',
  identifier: { system: localUrl('NamingSystem', 'role'), value: role },
  display: role,
});

export const category = (code: 'vital-signs' | 'survey' | 'procedure' | 'activity'): readonly CodeableConcept[] => [
  { coding: [{ system: systems.category, code }] },
];

export const period = (startMs: number, endMs?: number): { readonly start: string; readonly end?: string } => ({
  start: instant(startMs),
  ...(endMs === undefined ? {} : { end: instant(endMs) }),
});
