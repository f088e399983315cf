import type { RetailRelease } from '../retail/release.js';
import type { DriftAlarm, DriftReport, LabelCandidate } from './event-data.js';

/** What each role may do: viewer looks; operator acknowledges alerts and labels; admin manages users and revokes devices. */
export type HubRole = 'viewer' | 'operator' | 'admin';

/** `GET /api/session` */
export interface HubSessionView {
  readonly user: { readonly name: string; readonly role: HubRole } | null;
  /** Sent back as the header `x-csrf-token` with every act; null when signed out. */
  readonly csrfToken: string | null;
  /** False on plain loopback; the page says so. */
  readonly secure: boolean;
}

/** A share with its 95 % interval. */
export interface CountView {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Quantiles come from merged histograms, never from averaged percentiles; null where the count does not support one. */
export interface HubLatencyView {
  readonly name: string;
  readonly model: string;
  readonly provider: string;
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** `unknown`: never heard of since the hub's start. `revoked` wins over all. */
export type DeviceHealth = 'ok' | 'degraded' | 'alarm' | 'stale' | 'offline' | 'revoked';

/** A device in the matrix and the table: small enough for 10,000 of them. */
export interface DeviceRowView {
  readonly site: string;
  readonly device: string;
  readonly health: DeviceHealth;
  /** One line: why it is not ok; empty when it is. */
  readonly reason: string;
  readonly app: string;
  readonly bundleVersion: string;
  readonly target: string;
  /** UTC; null when nothing was ever received. */
  readonly lastSeenAt: string | null;
  /** Undelivered events as the device last told, null when unknown. */
  readonly backlog: number | null;
  /** Events that the device declared as lost. */
  readonly declaredLost: number;
  /** Its own, and those of its whole site that speak of it. */
  readonly openAlerts: number;
  readonly simulated: boolean;
}

/** `GET /api/fleet`; pushed as `fleet` at most once a second. */
export interface FleetSummaryView {
  readonly at: string;
  readonly devices: number;
  readonly byHealth: Readonly<Record<DeviceHealth, number>>;
  readonly sites: readonly {
    readonly site: string;
    readonly devices: number;
    readonly byHealth: Readonly<Record<DeviceHealth, number>>;
  }[];
  readonly openAlerts: number;
  readonly openLabels: number;
  readonly ingest: {
    readonly events: number;
    readonly duplicates: number;
    readonly quarantined: number;
    readonly batchesRefused: number;
    readonly eventsPerSecond: number;
    readonly broker: string;
    readonly store: string;
    readonly workers: number;
  };
  /** Devices whose delivered and declared numbers do not cover 1..highest without a hole. */
  readonly incomplete: number;
}

/** `GET /api/devices?search=&site=&health=&sort=&offset=&limit=` (limit at most 10,000). */
export interface DevicePageView {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly DeviceRowView[];
}

/** A gauge or rate over time; `at` epoch seconds, parallel to `values`. */
export interface SeriesView {
  readonly name: string;
  readonly unit: string;
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

/** `GET /api/devices/{site}/{device}` */
export interface DeviceDetailView {
  readonly row: DeviceRowView;
  readonly firstSeenAt: string;
  readonly online: boolean;
  readonly boot: string | null;
  readonly version: string;
  readonly bundle: string;
  readonly variant: string;
  readonly provider: string;
  readonly pageUrl: string | null;
  /** Device wall clock minus hub wall clock, ms; null when unknown. */
  readonly clockSkewMs: number | null;
  readonly latencies: readonly HubLatencyView[];
  readonly verdicts: {
    readonly pass: number;
    readonly reject: number;
    readonly review: number;
    readonly error: number;
  };
  readonly rejectShare: CountView;
  readonly series: readonly SeriesView[];
  readonly epochs: readonly {
    readonly epoch: string;
    readonly highest: number;
    readonly delivered: number;
    readonly declared: number;
    readonly missing: number;
    readonly contiguous: boolean;
  }[];
  readonly gaps: readonly { readonly at: string; readonly from: number; readonly to: number; readonly cause: string }[];
  readonly alerts: readonly AlertView[];
}

/** `GET /api/drift`: the newest report of each device that has one, and the alarms. */
export interface HubDriftView {
  readonly devices: readonly {
    readonly site: string;
    readonly device: string;
    readonly at: string;
    readonly report: DriftReport;
    readonly alarms: readonly DriftAlarm[];
  }[];
}

/**
 * `GET /api/stores`: what stores released, and nothing else of them. `newest` holds one release a metric, `counts` the
 * counts of the last windows, oldest first.
 */
export interface HubStoresView {
  readonly stores: readonly {
    readonly site: string;
    readonly device: string;
    readonly store: string;
    readonly newest: readonly RetailRelease[];
    readonly counts: readonly RetailRelease[];
    /** One ledger entry came with two hashes, or a window was paid for twice: the ledger was put back from a copy. */
    readonly forked: boolean;
  }[];
}

/** `GET /api/labels?state=open|done&limit=` */
export interface LabelQueueView {
  readonly open: number;
  readonly done: number;
  readonly tasks: readonly LabelTaskView[];
}

export interface LabelTaskView {
  readonly id: number;
  readonly site: string;
  readonly device: string;
  readonly at: string;
  readonly candidate: Omit<LabelCandidate, 'pictures'>;
  /** `GET /api/labels/{id}/pictures/{role}` */
  readonly pictures: readonly { readonly role: 'test' | 'template'; readonly width: number; readonly height: number }[];
  readonly label: {
    readonly truth: 'good' | 'bad';
    readonly by: string;
    readonly at: string;
    readonly note: string;
  } | null;
}

/** `GET /api/labels/accuracy?bundleVersion=` (the one labelled last unless given): measured by labels (Hajek estimate over inclusion probabilities), beside the estimate without. */
export interface LabelAccuracyView {
  readonly bundleVersion: string;
  readonly labelled: number;
  readonly accuracy: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly escapeShare: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly falseRejectShare: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** CBPE of the newest drift reports: an estimate, never a measurement. */
  readonly estimated: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** `GET /api/alerts?state=open|all&limit=`; pushed as `alert`. */
export interface AlertView {
  readonly id: number;
  readonly site: string;
  /** `*` for an alert of the whole site, raised instead of one for each of its devices. */
  readonly device: string;
  readonly kind:
    'offline' | 'stale' | 'drift' | 'gap' | 'quarantine' | 'clock' | 'disk' | 'temperature' | 'latency' | 'incomplete';
  readonly severity: 'warning' | 'alarm';
  readonly text: string;
  readonly raisedAt: string;
  readonly clearedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
  readonly note: string | null;
  /** Where it was sent, and what became of that. */
  readonly outputs: readonly {
    readonly output: string;
    readonly state: 'sent' | 'failed' | 'waiting';
    readonly detail: string;
  }[];
}

/** `GET /api/audit?search=&before=&limit=` */
export interface AuditEntryView {
  readonly id: number;
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

/** `GET /api/users` (admin): an array of these. Passwords never come back. */
export interface HubUserView {
  readonly name: string;
  readonly role: HubRole;
  readonly disabled: boolean;
  /** UTC. */
  readonly createdAt: string;
  /** UTC; null when never signed in. */
  readonly lastSignInAt: string | null;
}

/*
 * Acts, each with the header `x-csrf-token`; a refusal is `{ code, message }`:
 *
 * POST /api/sign-in                           { user, password }            -> HubSessionView (public)
 * POST /api/sign-out                          {}                            -> HubSessionView
 * POST /api/alerts/{id}/acknowledge           { note }                      operator
 * POST /api/alerts/test                       {}                            admin
 * PUT  /api/labels/{id}                       { truth: good|bad, note }     operator; the same answer twice is one answer
 * DELETE /api/labels/{id}                     {}                            operator; takes a label back
 * POST /api/devices/{site}/{device}/revoke    { reason }                    admin
 * POST /api/users                             { name, password, role }      admin
 * PUT  /api/users/{name}                      { role?, disabled?, password? }  admin; ends the user's sessions
 * PUT  /api/account/password                  { current, next }             one's own; ends one's sessions
 *
 * GET /api/audit/export?search=&format=csv|jsonl is a download. Pushed over socket.io to signed-in pages: `fleet`
 * (FleetSummaryView), `devices` (changed DeviceRowView[]), `alert` (AlertView), `labels` ({ open, accuracy: LabelAccuracyView }).
 */

/** `GET /api/audit/verify`: `brokenAt` is the number of the first entry that does not follow from the one before. */
export interface AuditProofView {
  readonly entries: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly brokenAt: number | null;
}

/** `POST /api/alerts/test`: what became of the test message at each output. */
export interface AlertOutputTestView {
  readonly output: string;
  readonly state: 'sent' | 'failed';
  readonly detail: string;
}
