import type { AlarmCondition, AlarmPriority, MissingReason, News2Parameter } from '@edge-blueprints/contracts';
import type { CodeableConcept, Coding, Quantity } from './fhir-elements.js';

/**
 * Every code that leaves the ward, in one place. Sources: LOINC and UCUM as fixed by the vital-signs profiles of FHIR R4 4.0.1; MDC
 * terms and units of ISO/IEEE 11073-10101 (`urn:iso:std:iso:11073:10101`, partition x 65536 + term); SNOMED CT UK edition for NEWS2
 * (ids carry their check digit); HL7 terminology for the rest. What no published system has is in our own under `local`.
 */
export const systems = {
  loinc: 'http://loinc.org',
  mdc: 'urn:iso:std:iso:11073:10101',
  ucum: 'http://unitsofmeasure.org',
  snomed: 'http://snomed.info/sct',
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  category: 'http://terminology.hl7.org/CodeSystem/observation-category',
  absent: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  statistics: 'http://terminology.hl7.org/CodeSystem/observation-statistics',
  securityValue: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  flagCategory: 'http://terminology.hl7.org/CodeSystem/flag-category',
  flagPriority: 'http://hl7.org/fhir/flag-priority-code',
  auditType: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  interaction: 'http://hl7.org/fhir/restful-interaction',
  entityType: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  objectRole: 'http://terminology.hl7.org/CodeSystem/object-role',
  local: 'https://edge-blueprints.example/fhir/CodeSystem/ward',
} as const;

export const localUrl = (kind: 'NamingSystem' | 'StructureDefinition' | 'CodeSystem', name: string): string =>
  `https://edge-blueprints.example/fhir/${kind}/${name}`;

const loinc = (code: string, display: string): Coding => ({ system: systems.loinc, code, display });
const mdc = (code: string, display: string): Coding => ({ system: systems.mdc, code, display });
const snomed = (code: string, display: string): Coding => ({ system: systems.snomed, code, display });
export const local = (code: string, display?: string): Coding => ({
  system: systems.local,
  code,
  ...(display === undefined ? {} : { display }),
});
export const concept = (...coding: readonly Coding[]): CodeableConcept => ({ coding });

export const ucum = (value: number, code: string, unit = code): Quantity => ({
  value,
  unit,
  system: systems.ucum,
  code,
});

/** What wearables measure: the code of the value, its unit, and its unit in MDC for the DeviceMetric. */
export const vitalSigns = {
  hr: {
    text: 'Pulse rate',
    codes: [loinc('8867-4', 'Heart rate'), mdc('149530', 'MDC_PULS_OXIM_PULS_RATE')],
    profile: 'heartrate',
    unit: '/min',
    unitText: 'beats/minute',
    mdcUnit: mdc('264864', 'MDC_DIM_BEAT_PER_MIN'),
  },
  spo2: {
    text: 'Oxygen saturation',
    // 2708-6 is a required slice of the R4 profile; 59408-5 says that it was a pulse oximeter.
    codes: [
      loinc('2708-6', 'Oxygen saturation in Arterial blood'),
      loinc('59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'),
      mdc('150456', 'MDC_PULS_OXIM_SAT_O2'),
    ],
    profile: 'oxygensat',
    unit: '%',
    unitText: '%',
    mdcUnit: mdc('262688', 'MDC_DIM_PERCENT'),
  },
  rr: {
    text: 'Respiratory rate',
    codes: [loinc('9279-1', 'Respiratory rate'), mdc('151562', 'MDC_RESP_RATE')],
    profile: 'resprate',
    unit: '/min',
    unitText: 'breaths/minute',
    mdcUnit: mdc('264928', 'MDC_DIM_RESP_PER_MIN'),
  },
} as const;
export type VitalSignal = keyof typeof vitalSigns;

/** What a nurse measures. */
export const manualCodes = {
  temperature: [loinc('8310-5', 'Body temperature'), mdc('150364', 'MDC_TEMP_BODY')],
  bloodPressure: [
    loinc('85354-9', 'Blood pressure panel with all children optional'),
    mdc('150020', 'MDC_PRESS_BLD_NONINV'),
  ],
  // One code each: the slices of the profile go by it.
  systolic: [loinc('8480-6', 'Systolic blood pressure')],
  diastolic: [loinc('8462-4', 'Diastolic blood pressure')],
  consciousness: [{ system: systems.loinc, code: '80288-4' }],
  oxygenFlow: [loinc('3151-8', 'Inhaled oxygen flow rate')],
} as const;

/** ACVPU. Confusion is new confusion; SNOMED CT has acute confusion for it. */
export const acvpuCodes = {
  A: snomed('248234008', 'Mentally alert'),
  C: snomed('130987000', 'Acute confusion'),
  V: snomed('300202002', 'Responds to voice'),
  P: snomed('450847001', 'Responds to pain'),
  U: snomed('422768004', 'Unresponsive'),
} as const;

export const news2Total = snomed(
  '1104051000000101',
  'Royal College of Physicians NEWS2 (National Early Warning Score 2) total score',
);
const part = (code: string, words: string): Coding =>
  snomed(code, `Royal College of Physicians NEWS2 (National Early Warning Score 2) - ${words} score`);

/** The code of a sub-score; saturation has one for each scale. */
export function news2SubScoreCode(parameter: News2Parameter, scale: 1 | 2): Coding {
  switch (parameter) {
    case 'respiration':
      return part('1104301000000104', 'respiration rate');
    case 'oxygenSaturation':
      return scale === 1
        ? part('1104311000000102', 'oxygen saturation scale 1')
        : part('1104321000000108', 'oxygen saturation scale 2');
    case 'supplementalOxygen':
      return part('1104331000000105', 'air or oxygen');
    case 'systolic':
      return part('1104341000000101', 'systolic blood pressure');
    case 'pulse':
      return part('1104351000000103', 'pulse');
    case 'consciousness':
      return part('1104361000000100', 'consciousness');
    case 'temperature':
      return part('1104371000000107', 'temperature');
    default:
      return parameter satisfies never;
  }
}

/** Why a value is not there, in FHIR's closed list; our own reason stands beside it as text. */
const absentCodes = {
  'not-measured': 'not-performed',
  stale: 'temp-unknown',
  implausible: 'error',
  'unit-fault': 'error',
  'lead-off': 'error',
  'test-data': 'masked',
  'no-pulse-or-apnoea': 'error',
  unknown: 'unknown',
} as const satisfies Record<MissingReason | 'unknown', string>;
export const absentReason = (why: MissingReason | 'unknown'): CodeableConcept => ({
  coding: [{ system: systems.absent, code: absentCodes[why] }],
  text: why,
});

export const flagPriority: Record<AlarmPriority, Coding> = {
  PH: { system: systems.flagPriority, code: 'PH', display: 'High priority' },
  PM: { system: systems.flagPriority, code: 'PM', display: 'Medium priority' },
  PL: { system: systems.flagPriority, code: 'PL', display: 'Low priority' },
};
export const requestPriority = { PH: 'stat', PM: 'urgent', PL: 'routine' } as const satisfies Record<
  AlarmPriority,
  string
>;

const low = mdc('196674', 'MDC_EVT_LO_VAL_LT_LIM');
const high = mdc('196652', 'MDC_EVT_HI_VAL_GT_LIM');
const events: Partial<Record<AlarmCondition, Coding>> = {
  'spo2-low': low,
  'spo2-very-low': low,
  'pulse-low': low,
  'pulse-high': high,
  'respiration-low': low,
  'respiration-high': high,
  'lead-off': mdc('196880', 'MDC_EVT_LEAD_OFF'),
  'battery-low': mdc('196802', 'MDC_EVT_BATT_LO'),
  'battery-critical': mdc('196800', 'MDC_EVT_BATT_FAIL'),
  'sensor-fault': mdc('196920', 'MDC_EVT_SENSOR_PROB'),
  'signal-unusable': mdc('196992', 'MDC_EVT_SIG_UNANALYZEABLE'),
  'data-stale': mdc('197192', 'MDC_EVT_TIMEOUT'),
  'device-link-lost': mdc('196748', 'MDC_EVT_COMM_LOST'),
  'broker-lost': mdc('196748', 'MDC_EVT_COMM_LOST'),
  'station-lost': mdc('196748', 'MDC_EVT_COMM_LOST'),
};
/** Event code of 11073-10101 where there is one, and always our own word, which is what tells two events of one code apart. */
export function alarmCode(condition: AlarmCondition): readonly Coding[] {
  const event = events[condition];
  return [...(event === undefined ? [] : [event]), local(condition)];
}
