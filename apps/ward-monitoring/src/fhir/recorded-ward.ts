import type { FhirResource, WardPlace, WardStay } from '@edge-blueprints/clinical-io';
import type { DeliveryRank } from '@edge-blueprints/telemetry';

/** What the recorder asks of the ward. Beds and devices are pseudonyms. */
export interface RecordedWard extends WardPlace {
  /** Journal time at which the patient who is in the bed came; undefined while it has none. */
  patientSince(bed: string): number | undefined;
  /** Who answers for a subject, the patient's nurse first; empty where nobody is named. */
  chainOf(subject: string): readonly { readonly id: string; readonly role: string }[];
}

export interface RecordedClock {
  /** The gateway's journal clock. */
  nowMs(): number;
  /** Wall clock, Unix milliseconds. */
  epochMs(): number;
}

/** A resource and how much it matters when there is no room for all. */
export interface RankedResource {
  readonly rank: DeliveryRank;
  readonly resource: FhirResource;
}

export const asRecords = (resources: readonly FhirResource[]): readonly RankedResource[] =>
  resources.map((resource) => ({ rank: 'record', resource }));

/** The stay of the patient who is in the bed; undefined while it has none. */
export function stayOf(ward: RecordedWard, bed: string): WardStay | undefined {
  const since = ward.patientSince(bed);
  return since === undefined ? undefined : { site: ward.site, ward: ward.ward, bed, stay: `s-${since}` };
}
