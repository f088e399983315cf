/** Any FHIR R4 resource with an id of ours. Read it as JSON; the builders of this folder are what gives it its shape. */
export interface FhirResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

export interface Quantity {
  readonly value: number;
  readonly unit: string;
  readonly system: string;
  readonly code: string;
}

/** Literal (`Patient/…`), or logical: an identifier of somebody who has no resource here. */
export interface Reference {
  readonly reference?: string;
  readonly type?: string;
  readonly identifier?: { readonly system: string; readonly value: string };
  readonly display?: string;
}

export const referTo = (resource: FhirResource): Reference => ({
  reference: `${resource.resourceType}/${resource.id}`,
});

/** RFC 3339 in UTC with milliseconds. @param epochMs Unix time in milliseconds */
export const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/** At most `digits` decimals, so that a mean of 71.333… is not written with sixteen. */
export function decimal(value: number, digits = 1): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
