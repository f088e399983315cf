import type { MissingReason, SampleStatus } from '@edge-blueprints/contracts';
import { type Coding, decimal, type FhirResource, instant } from './fhir-elements.js';
import { metricReference } from './device-tree.js';
import { resourceId } from './resource-id.js';
import { absentReason, concept, local, systems, ucum, type VitalSignal, vitalSigns } from './terminology.js';
import { category, patientReference, period, type WardStay } from './ward-place.js';

/** Where a run of samples comes from. With the signal it names the resource: the same run is the same id. */
export interface SampleRun {
  readonly stay: WardStay;
  readonly device: string;
  readonly boot: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Gateway wall clock, Unix milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** Every status that a sample of the run carried. */
  readonly statuses: readonly SampleStatus[];
}

/** One signal over (usually) a minute. Without a usable sample there are no values, and it says why. */
export interface VitalSummary extends SampleRun {
  readonly signal: VitalSignal;
  /** Samples that should have come, and those that came and were usable. */
  readonly expected: number;
  readonly usable: number;
  readonly values:
    | { readonly min: number; readonly mean: number; readonly max: number; readonly last: number }
    | { readonly absent: MissingReason };
}

const statistic = (code: string): Coding => ({ system: systems.statistics, code });

/** @returns the id of the summary of one run, for those who derive something from it before it is written */
export const vitalSummaryId = (run: SampleRun, signal: VitalSignal): string =>
  resourceId('Observation', run.stay.site, run.stay.ward, run.device, run.boot, run.fromSeq, run.toSeq, signal);

/**
 * Vital-signs Observation of one run: the value is the mean, with least, most, last value and completeness as components. It holds
 * to the R4 profile of the signal (`heartrate`, `oxygensat`, `resprate`). The effective time is the end of the run and the component
 * `span` its period: the profile allows a period as the effective time, but its invariant vs-1 fails one.
 */
export function vitalObservation(summary: VitalSummary): FhirResource {
  const { signal, values } = summary;
  const sign = vitalSigns[signal];
  const component = (code: Coding, value: number) => ({
    code: concept(code),
    valueQuantity: ucum(decimal(value), sign.unit, sign.unitText),
  });
  return {
    resourceType: 'Observation',
    id: vitalSummaryId(summary, signal),
    ...quality(summary.statuses, [`http://hl7.org/fhir/StructureDefinition/${sign.profile}`]),
    status: 'final',
    category: category('vital-signs'),
    code: { coding: sign.codes, text: sign.text },
    subject: patientReference(summary.stay),
    effectiveDateTime: instant(summary.endMs),
    issued: instant(summary.endMs),
    device: metricReference({ ...summary.stay, device: summary.device }, signal),
    ...('absent' in values
      ? { dataAbsentReason: absentReason(values.absent) }
      : { valueQuantity: ucum(decimal(values.mean), sign.unit, sign.unitText) }),
    component: [
      ...('absent' in values
        ? []
        : [
            component(statistic('minimum'), values.min),
            component(statistic('maximum'), values.max),
            component(local('last', 'Last value of the period'), values.last),
          ]),
      {
        code: concept(local('completeness', 'Usable samples of those expected')),
        valueQuantity: ucum(completeness(summary), '%'),
      },
      {
        code: concept(local('span', 'Time that the values are of')),
        valuePeriod: period(summary.startMs, summary.endMs),
      },
    ],
  };
}

const completeness = ({ expected, usable }: VitalSummary): number =>
  expected > 0 ? decimal(Math.min(100, (100 * usable) / expected)) : 0;

/**
 * Measurement-status bits of 11073 as the point-of-care guide maps them: invalid and lead off make it unreliable, questionable and
 * calibrating uncertain, test and demo make it test data.
 */
function quality(statuses: readonly SampleStatus[], profile: readonly string[]) {
  const has = (...any: readonly SampleStatus[]) => any.some((status) => statuses.includes(status));
  const value = (code: string): Coding => ({ system: systems.securityValue, code });
  const security: readonly Coding[] = [
    ...(has('invalid', 'lead-off') ? [value('UNRELIABLE')] : []),
    ...(has('questionable', 'calibrating') ? [value('UNCERTREL')] : []),
    ...(has('test', 'demo') ? [{ system: systems.actReason, code: 'HTEST' }] : []),
  ];
  return {
    ...(profile.length === 0 && security.length === 0
      ? {}
      : { meta: { ...(profile.length > 0 ? { profile } : {}), ...(security.length > 0 ? { security } : {}) } }),
    ...(security.length > 0
      ? {
          interpretation: statuses
            .filter((status, at) => statuses.indexOf(status) === at)
            .map((status) => concept(local(`status-${status}`))),
        }
      : {}),
  };
}

/** Raw values around an alarm. `null` measured nothing. */
export interface VitalWindow extends SampleRun {
  readonly signal: VitalSignal;
  readonly intervalMs: number;
  readonly values: readonly (number | null)[];
}

/**
 * The raw window as SampledData ("E" where nothing was measured). Only the MDC code: with the LOINC one a validator demands the
 * vital-signs profile, which has no room for SampledData.
 */
export function windowObservation(window: VitalWindow): FhirResource {
  const sign = vitalSigns[window.signal];
  const { site, ward } = window.stay;
  return {
    resourceType: 'Observation',
    id: resourceId(
      'Observation',
      site,
      ward,
      window.device,
      window.boot,
      window.fromSeq,
      window.toSeq,
      window.signal,
      'raw',
    ),
    ...quality(window.statuses, []),
    status: 'final',
    category: category('procedure'),
    code: { coding: sign.codes.filter(({ system }) => system === systems.mdc), text: `${sign.text}, samples` },
    subject: patientReference(window.stay),
    effectivePeriod: period(window.startMs, window.endMs),
    issued: instant(window.endMs),
    device: metricReference({ ...window.stay, device: window.device }, window.signal),
    ...(window.values.some((value) => value !== null)
      ? {
          valueSampledData: {
            origin: ucum(0, sign.unit, sign.unitText),
            period: window.intervalMs,
            dimensions: 1,
            data: window.values.map((value) => (value === null ? 'E' : String(decimal(value, 2)))).join(' '),
          },
        }
      : { dataAbsentReason: absentReason('not-measured') }),
  };
}
