// A running ward: gateway, broker behind a rough link, rendered patients and a station that hears everything.
import { z } from 'zod';
import type { Mosquitto } from '../../libs/telemetry/src/lib/uplink/testing/mosquitto.js';
import type { Process } from '../privacy/followed-process.js';
import { holdsWithin } from '../running-line.js';
import { run, site, two, ward, type Gateway } from './faulty-ward.js';
import type { RoughLink } from './rough-link.js';
import type { Heard, WardStation } from './ward-station.js';

export const patients = 8;

export interface LiveWard {
  readonly folder: string;
  readonly broker: Mosquitto;
  readonly link: RoughLink;
  readonly rig: Process;
  readonly gateway: Gateway;
  readonly station: WardStation;
}

export const startRig = (port: number): Process =>
  run('libs/rigs/src/ward-main.ts', [
    ...['--broker', `mqtt://127.0.0.1:${port}`, '--site', site, '--ward', ward, '--patients', String(patients)],
    ...['--stories', 'none', '--hz', '0', '--radio', 'off', '--report-ms', '500', '--supervised'],
  ]);

export const order = (rig: Process, command: Readonly<Record<string, unknown>>): void =>
  void rig.child.stdin?.write(`${JSON.stringify(command)}\n`);

/** Saturation falls below its limits within a second or two, and stays there. */
export const desaturate = (rig: Process, patient: number, holdS = 600): void =>
  order(rig, { command: 'story', name: 'hypoxia', patients: [patient], riseS: 2, holdS, fallS: 1, height: 1 });

const totalsSchema = z.looseObject({
  connected: z.number(),
  connects: z.number(),
  made: z.number(),
  dropped: z.number(),
  waiting: z.number(),
});
export type RigTotals = z.infer<typeof totalsSchema>;

/** What the wearables said last of themselves. */
export function rigTotals({ text }: Process): RigTotals | undefined {
  const line = text()
    .split('\n')
    .findLast((each) => each.endsWith('}') && each.includes('"event":"progress"'));
  return line === undefined ? undefined : totalsSchema.parse(JSON.parse(line));
}

export const bedOf = (patient: number): string => `bed/${two(patient)}`;

/** Alarms about a patient's body, above mere notes, that began after a moment. */
export const soundedSince = ({ events }: WardStation, sinceMs: number): readonly Heard[] =>
  events.filter(
    ({ phase, heardMs, alarm }) =>
      phase === 'start' && heardMs >= sinceMs && alarm.type === 'SP' && alarm.priority !== 'PL',
  );

/** What walking does to the saturation of a rendered patient; nothing that was sent here by hand looks so. */
export const isArtefact = ({ alarm }: Heard): boolean =>
  alarm.condition.startsWith('spo2') && alarm.text.includes('moving or doubted');

/** @returns milliseconds until the station was told, undefined when it was not in time */
export async function toldWithin(
  { events }: WardStation,
  sinceMs: number,
  timeoutMs: number,
  fits: (heard: Heard) => boolean,
): Promise<number | undefined> {
  const found = (): Heard | undefined => events.find((heard) => heard.heardMs >= sinceMs && fits(heard));
  await holdsWithin(timeoutMs, () => found() !== undefined);
  const heard = found();
  return heard === undefined ? undefined : Math.round(heard.heardMs - sinceMs);
}

/** Every patient is seen, and none has a value that is old. */
export const isSeen = ({ station }: Pick<LiveWard, 'station'>): boolean =>
  station
    .view()
    ?.beds.every(({ readings }) => readings.pulse.state === 'fresh' && readings.oxygenSaturation.state === 'fresh') ===
  true;

/** No patient's condition is true at the moment; what latched may stand. */
export const isCalm = ({ station }: Pick<LiveWard, 'station'>): boolean =>
  station
    .view()
    ?.alarms.every(({ type, priority, phase }) => type !== 'SP' || priority === 'PL' || phase === 'latched') === true;

export const saturationStart =
  (patient: number) =>
  ({ phase, alarm }: Heard): boolean =>
    phase === 'start' && alarm.subject === bedOf(patient) && alarm.condition.startsWith('spo2');
