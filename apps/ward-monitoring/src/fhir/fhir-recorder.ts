import {
  deviceTree,
  modelResources,
  patientReference,
  patientResource,
  trailAuditEvent,
  vitalObservation,
  vitalSummaryId,
  wardResource,
  windowObservation,
  type FhirResource,
  type VitalSignal,
  type VitalWindow,
  type WardStay,
} from '@edge-blueprints/clinical-io';
import type { AuditEntry, News2Score, WearableState } from '@edge-blueprints/contracts';
import type { DeliveryQueue } from '@edge-blueprints/telemetry';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import type { WardEvent } from '../ingest/ward-event.js';
import type { AdvisoryOutcome } from '../model/advisory-lane.js';
import { qualitySettingsSchema } from '../signals/judge-quality.js';
import { createAdvisoryReports, type ReportedModel } from './advisory-reports.js';
import { createAlarmReports, type StationDelivery } from './alarm-reports.js';
import { createHandOver, type HandOverStats } from './hand-over.js';
import { type ManualEntry, manualResources } from './manual-reports.js';
import { createMinuteSummaries, type MinuteSummary } from './minute-summaries.js';
import { createRawWindows } from './raw-windows.js';
import { asRecords, type RecordedClock, type RecordedWard, stayOf } from './recorded-ward.js';
import { createScoreReports } from './score-reports.js';

/** What the ward does, told to FHIR. No call waits, and none throws for what disk or server do. Times are of the journal. */
export interface FhirRecorder {
  /** Every event of the ingest. */
  event(event: WardEvent): void;
  /** As often as it is calculated; written when it changed. */
  score(bed: string, score: News2Score, atMs: number): void;
  /** What the alarm desk publishes. */
  transitions(transitions: readonly AlarmTransition[]): void;
  /** One attempt to tell a station, when it was painted or given up. */
  delivery(delivery: StationDelivery): void;
  /** A set of observations that the desk accepted. */
  observation(entry: ManualEntry): void;
  advisory(bed: string, outcome: AdvisoryOutcome, atMs: number): void;
  /** Entries of the trail, for those who read FHIR; the trail stays the record. */
  entries(entries: readonly AuditEntry[]): void;
  /** About once a second: closes minutes, writes what waits. */
  tick(): void;
  /** The end of the process: open minutes as far as they are, and everything to disk. */
  finish(): Promise<void>;
  stats(): FhirRecorderStats;
}

export interface FhirRecorderStats extends HandOverStats {
  /** Samples of a bed without a patient, or measured before the patient came: nobody's data. */
  readonly unclaimed: number;
  /** Pieces of raw values around alarms that were given up for room. */
  readonly rawDropped: number;
}

export interface FhirRecorderOptions {
  readonly queue: Pick<DeliveryQueue, 'append'>;
  readonly ward: RecordedWard;
  readonly clock: RecordedClock;
  readonly model?: ReportedModel;
  /** Wakes the writer. */
  readonly wake?: () => void;
  readonly expectedPerMinute?: number;
  /** Resources in memory when the disk does not keep up. */
  readonly mostBuffered?: number;
}

const signals: readonly VitalSignal[] = ['hr', 'spo2', 'rr'];
const mostDevices = 5_000;
/** A summary that ended so long ago is no input of an advisory of now. */
const basisMs = 10 * 60_000;

export function createFhirRecorder(options: FhirRecorderOptions): FhirRecorder {
  const { ward, clock, model } = options;
  const out = createHandOver(options.queue, options.mostBuffered ?? 20_000, options.wake ?? (() => undefined));
  const summaries = createMinuteSummaries({
    quality: qualitySettingsSchema.parse({}),
    expected: options.expectedPerMinute ?? 60,
    graceMs: 10_000,
    mostOpen: 10_000,
  });
  const windows = createRawWindows({ reachMs: 10 * 60_000, graceMs: 10_000, mostPieces: 10_000 });
  const alarms = createAlarmReports(ward);
  const scores = createScoreReports();
  const advisories = model === undefined ? undefined : createAdvisoryReports(model);
  /** What others point at and has been written: stays by bed, devices with what they said of themselves. */
  const patients = new Map<string, string>();
  const devices = new Map<string, string>();
  const lastSummaries = new Map<string, { readonly stay: string; readonly id: string; readonly endMs: number }>();
  let unclaimed = 0;

  const wallOffsetMs = (): number => clock.epochMs() - clock.nowMs();
  const foundation = (resources: readonly FhirResource[]): void =>
    out.put(
      resources.map((resource) => ({ rank: 'foundation', resource })),
      clock.nowMs(),
    );
  const records = (resources: readonly FhirResource[]): void => out.put(asRecords(resources), clock.nowMs());
  const knowPatient = (stay: WardStay): void => {
    if (patients.get(stay.bed) === stay.stay) return;
    patients.set(stay.bed, stay.stay);
    foundation([patientResource(stay)]);
  };
  const knowDevice = (device: string, state?: WearableState): void => {
    const said = `${state?.firmware ?? ''} ${state?.online ?? true}`;
    const before = devices.get(device);
    if (before === said || (state === undefined && before !== undefined)) return;
    if (before === undefined && devices.size >= mostDevices) return;
    devices.set(device, said);
    foundation(
      deviceTree({
        site: ward.site,
        ward: ward.ward,
        device,
        signals,
        operational: (state?.online ?? true) ? 'on' : 'off',
        ...(state?.firmware === undefined ? {} : { firmware: state.firmware }),
      }),
    );
  };
  const claim = (bed: string): WardStay | undefined => {
    const stay = stayOf(ward, bed);
    if (stay !== undefined) knowPatient(stay);
    return stay;
  };
  const write = (closed: readonly MinuteSummary[]): void => {
    const offsetMs = wallOffsetMs();
    for (const run of closed) {
      const { stay, signal, startMs, endMs } = run;
      lastSummaries.set(`${stay.bed} ${signal}`, { stay: stay.stay, id: vitalSummaryId(run, signal), endMs });
      const resource = vitalObservation({ ...run, startMs: startMs + offsetMs, endMs: endMs + offsetMs });
      out.put([{ rank: 'summary', resource }], clock.nowMs());
    }
  };
  const writeRaw = (whole: readonly VitalWindow[]): void => {
    const offsetMs = wallOffsetMs();
    for (const window of whole) {
      const { startMs, endMs } = window;
      const resource = windowObservation({ ...window, startMs: startMs + offsetMs, endMs: endMs + offsetMs });
      out.put([{ rank: 'summary', resource }], clock.nowMs());
    }
  };

  foundation([
    wardResource({ site: ward.site, ward: ward.ward }),
    ...(model === undefined ? [] : modelResources(model, { text: model.card })),
  ]);

  return {
    event(event) {
      if (event.kind === 'acceleration') return;
      knowDevice(event.device, event.kind === 'state' ? event.state : undefined);
      if (event.kind === 'state' || event.bed === undefined) return;
      const since = ward.patientSince(event.bed);
      const stay = since === undefined || event.measuredMs < since ? undefined : claim(event.bed);
      if (stay === undefined) unclaimed += 1;
      else {
        summaries.take(event, stay);
        windows.take(event, stay);
      }
    },
    score(bed, score, atMs) {
      const stay = claim(bed);
      const resource = stay === undefined ? undefined : scores.take(stay, score, atMs, wallOffsetMs());
      if (resource !== undefined) records([resource]);
    },
    transitions(transitions) {
      for (const transition of transitions) {
        const { subject } = transition;
        if (subject.startsWith('bed/')) claim(subject);
        if (transition.kind === 'start') windows.alarm(subject, transition.atMs);
        if (subject.startsWith('device/')) knowDevice(subject.slice('device/'.length));
        records(alarms.changed(transition, wallOffsetMs()));
      }
      // Alarms do not wait for the next second.
      out.push();
    },
    delivery: (delivery) => records([alarms.told(delivery, wallOffsetMs())]),
    observation(entry) {
      const stay = claim(entry.bed);
      if (stay === undefined) return;
      const resources = manualResources(entry, stay, wallOffsetMs());
      scores.remember(
        stay,
        entry.atMs,
        resources.map(({ id }) => id),
      );
      records(resources);
    },
    advisory(bed, outcome, atMs) {
      const stay = claim(bed);
      if (stay === undefined || advisories === undefined) return;
      const observationIds = signals.flatMap((signal) => {
        const last = lastSummaries.get(`${bed} ${signal}`);
        return last?.stay === stay.stay && atMs - last.endMs <= basisMs ? [last.id] : [];
      });
      records(advisories.take(stay, outcome, atMs, { wallOffsetMs: wallOffsetMs(), observationIds }));
    },
    entries(entries) {
      const patientOf = (pseudonym: string) => {
        const stay = stayOf(ward, pseudonym);
        return stay === undefined ? undefined : patientReference(stay);
      };
      records(entries.map((entry) => trailAuditEvent(entry, patientOf)));
    },
    tick() {
      write(summaries.due(clock.nowMs()));
      writeRaw(windows.due(clock.nowMs()));
      out.push();
    },
    async finish() {
      write(summaries.rest(clock.nowMs()));
      writeRaw(windows.rest(clock.nowMs()));
      await out.flush();
    },
    stats: () => ({ ...out.stats(), unclaimed, rawDropped: windows.dropped }),
  };
}
