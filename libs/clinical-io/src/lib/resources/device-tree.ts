import type { Coding, FhirResource, Reference } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import { concept, local, localUrl, systems, type VitalSignal, vitalSigns } from './terminology.js';
import type { WardPlace } from './ward-place.js';

/** One wearable. `device` is its name in the topics. */
export interface WearableDevice extends WardPlace {
  readonly device: string;
  readonly signals: readonly VitalSignal[];
  readonly firmware?: string;
  readonly operational: 'on' | 'off' | 'standby';
}

type DeviceName = WardPlace & { readonly device: string };
const deviceId = (d: DeviceName): string => resourceId('Device', d.site, d.ward, d.device);
const unitId = (d: DeviceName, unit: string): string => resourceId('Device', d.site, d.ward, d.device, unit);
const metricId = (d: DeviceName, signal: VitalSignal): string =>
  resourceId('DeviceMetric', d.site, d.ward, d.device, signal);

export const deviceReference = (d: DeviceName): Reference => ({ reference: `Device/${deviceId(d)}` });
/** What an Observation's `device` points at in the point-of-care device guide. */
export const metricReference = (d: DeviceName, signal: VitalSignal): Reference => ({
  reference: `DeviceMetric/${metricId(d, signal)}`,
});

/** Which unit measures it: a finger probe gives saturation and pulse, a band gives breathing. */
const oximeter = {
  unit: 'oximeter',
  code: { system: systems.mdc, code: '69642', display: 'MDC_DEV_ANALY_SAT_O2_VMD' },
} as const;
const units: Record<VitalSignal, { readonly unit: string; readonly code: Coding }> = {
  hr: oximeter,
  spo2: oximeter,
  rr: { unit: 'respiration', code: local('respiration-unit', 'Unit that measures respiration') },
};

/**
 * Device tree of one wearable after the HL7 guide for point-of-care devices: medical device system (MDS), a virtual device (VMD) for
 * each unit, a DeviceMetric for each signal. The level of channels between the two last has nothing to say here and is left out.
 * The outcome is ordered: who is pointed at comes first.
 */
export function deviceTree(wearable: WearableDevice): readonly FhirResource[] {
  const { site, ward, device } = wearable;
  const system = localUrl('NamingSystem', 'device');
  const signals = [...new Set(wearable.signals)];
  const root: FhirResource = {
    resourceType: 'Device',
    id: deviceId(wearable),
    identifier: [{ system, value: `${site}/${ward}/${device}` }],
    status: 'active',
    type: concept({ system: systems.mdc, code: '69965', display: 'MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS' }),
    ...(wearable.firmware === undefined ? {} : { version: [{ value: wearable.firmware }] }),
  };
  const measuring = new Map(signals.map((signal) => [units[signal].unit, units[signal]]));
  const parts = [...measuring.values()].map(({ unit, code }): FhirResource => ({
    resourceType: 'Device',
    id: unitId(wearable, unit),
    identifier: [{ system, value: `${site}/${ward}/${device}/${unit}` }],
    status: 'active',
    type: concept(code),
    parent: { reference: `Device/${root.id}` },
  }));
  const metrics = signals.map((signal): FhirResource => ({
    resourceType: 'DeviceMetric',
    id: metricId(wearable, signal),
    identifier: [{ system, value: `${site}/${ward}/${device}/${signal}` }],
    type: concept(...vitalSigns[signal].codes.filter((code) => code.system === systems.mdc)),
    unit: concept(vitalSigns[signal].mdcUnit),
    source: { reference: `Device/${root.id}` },
    parent: { reference: `Device/${unitId(wearable, units[signal].unit)}` },
    operationalStatus: wearable.operational,
    category: 'measurement',
  }));
  return [root, ...parts, ...metrics];
}
