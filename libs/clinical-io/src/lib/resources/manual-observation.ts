import { type Acvpu, UsageError } from '@edge-blueprints/contracts';
import { type FhirResource, instant } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import {
  absentReason,
  acvpuCodes,
  concept,
  local,
  manualCodes,
  systems,
  ucum,
  type VitalSignal,
  vitalSigns,
} from './terminology.js';
import { category, patientReference, staffReference, type WardStay } from './ward-place.js';

/** What a nurse enters by hand. Numbers are decimal strings, as in the score ("37.05"). */
export type ManualValue =
  | { readonly kind: 'temperature'; readonly celsius: string }
  | { readonly kind: 'blood-pressure'; readonly systolic: string; readonly diastolic?: string }
  | { readonly kind: 'consciousness'; readonly acvpu: Acvpu }
  /** Without a flow where it is only known that oxygen is given. */
  | { readonly kind: 'oxygen'; readonly litresPerMinute: string | 'air' | 'unknown' }
  /** Counted or read off by hand: pulse, saturation, respiration. */
  | { readonly kind: 'vital'; readonly signal: VitalSignal; readonly value: string };

export interface ManualObservation {
  readonly stay: WardStay;
  /** Names the entry once and for all: writing it again is the same resource. */
  readonly entryId: string;
  readonly atMs: number;
  readonly enteredMs: number;
  /** Pseudonym of who measured. */
  readonly by: string;
  readonly value: ManualValue;
}

export const manualObservationId = (stay: WardStay, entryId: string): string =>
  resourceId('Observation', stay.site, stay.ward, stay.bed, stay.stay, 'manual', entryId);

/** @throws UsageError `fhir.value` when a number is not a decimal */
export function manualObservation(entry: ManualObservation): FhirResource {
  return {
    resourceType: 'Observation',
    id: manualObservationId(entry.stay, entry.entryId),
    status: 'final',
    subject: patientReference(entry.stay),
    effectiveDateTime: instant(entry.atMs),
    issued: instant(entry.enteredMs),
    performer: [staffReference(entry.by)],
    ...content(entry.value),
  };
}

const vitalProfile = (name: string) => ({ profile: [`http://hl7.org/fhir/StructureDefinition/${name}`] });

function content(value: ManualValue): Readonly<Record<string, unknown>> {
  switch (value.kind) {
    case 'temperature':
      return {
        meta: vitalProfile('bodytemp'),
        category: category('vital-signs'),
        code: { coding: manualCodes.temperature, text: 'Body temperature' },
        valueQuantity: ucum(number(value.celsius, 'temperature'), 'Cel', 'degrees C'),
      };
    case 'blood-pressure':
      return {
        meta: vitalProfile('bp'),
        category: category('vital-signs'),
        code: { coding: manualCodes.bloodPressure, text: 'Blood pressure' },
        component: [
          { code: { coding: manualCodes.systolic }, valueQuantity: mercury(value.systolic, 'systolic') },
          {
            code: { coding: manualCodes.diastolic },
            // The profile wants both; the score needs the systolic alone.
            ...(value.diastolic === undefined
              ? { dataAbsentReason: absentReason('not-measured') }
              : { valueQuantity: mercury(value.diastolic, 'diastolic') }),
          },
        ],
      };
    case 'consciousness':
      return {
        category: category('survey'),
        code: { coding: manualCodes.consciousness, text: 'Level of consciousness, ACVPU' },
        valueCodeableConcept: { ...concept(acvpuCodes[value.acvpu]), text: value.acvpu },
      };
    case 'oxygen':
      return {
        category: category('procedure'),
        code: { coding: manualCodes.oxygenFlow, text: 'Inhaled oxygen flow rate' },
        ...(value.litresPerMinute === 'unknown'
          ? { dataAbsentReason: absentReason('not-measured') }
          : {
              valueQuantity: ucum(
                value.litresPerMinute === 'air' ? 0 : number(value.litresPerMinute, 'oxygen'),
                'L/min',
                'liters/minute',
              ),
            }),
        interpretation: [concept(local(value.litresPerMinute === 'air' ? 'air' : 'oxygen'))],
      };
    case 'vital': {
      const sign = vitalSigns[value.signal];
      return {
        meta: vitalProfile(sign.profile),
        category: category('vital-signs'),
        // The MDC codes say which sensor it was; here it was a person.
        code: { coding: sign.codes.filter(({ system }) => system === systems.loinc), text: sign.text },
        valueQuantity: ucum(number(value.value, sign.text), sign.unit, sign.unitText),
      };
    }
    default:
      return value satisfies never;
  }
}

const mercury = (text: string, what: string) => ucum(number(text, what), 'mm[Hg]', 'mmHg');

function number(text: string, what: string): number {
  const value = /^-?\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value))
    throw new UsageError('fhir.value', `${what}: "${text}" is no decimal number; check it where it is entered`);
  return value;
}
