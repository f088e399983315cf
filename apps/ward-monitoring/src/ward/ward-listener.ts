import type { AuditTrail, News2Score, StationEvent } from '@edge-blueprints/contracts';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import type { WardEvent } from '../ingest/ward-event.js';
import type { AdvisoryOutcome } from '../model/advisory-lane.js';
import type { ManualObservation } from '../scores/observations/manual-observation.js';

/** Hears what happens on the ward, beside the path: no call may wait or throw. Times are of the journal's clock. */
export interface WardListener {
  event(event: WardEvent): void;
  /** Each second for each bed. */
  score(bed: string, score: News2Score, atMs: number): void;
  transitions(transitions: readonly AlarmTransition[]): void;
  /** A station painted an event, the first to do so, or none did in time. */
  delivery(delivery: {
    readonly event: StationEvent;
    readonly station: string;
    readonly paintedMs?: number;
    readonly failed?: string;
  }): void;
  /** A set that the observation desk accepted. */
  observation(entry: {
    readonly bed: string;
    readonly observation: ManualObservation;
    readonly diastolicMmHg?: string;
    readonly by: string;
    readonly atMs: number;
  }): void;
  advisory(bed: string, outcome: AdvisoryOutcome, atMs: number): void;
  tick(): void;
}

/** What a listener may ask of the ward that it listens to. */
export interface HeardWard {
  readonly site: string;
  readonly ward: string;
  readonly now: () => number;
  readonly trail: AuditTrail;
  /** Journal time at which the patient in a bed came; undefined for anything else. */
  readonly patientSince: (subject: string) => number | undefined;
  readonly chainOf: (subject: string) => readonly { readonly id: string; readonly role: string }[];
}

export interface OpenWardListener extends WardListener {
  /** What waits to be written elsewhere: `fhirWaiting` of the view. */
  waiting(): number;
  close(): Promise<void>;
}
