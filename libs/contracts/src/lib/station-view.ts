import type { DriftAlarm, DriftFeature } from './fleet/event-data.js';
import type { PartRecord } from './part-record.js';
import type { PlcLinkStatus } from './verdict.js';

/** Quantiles in ms. A quantile that the count does not support is null (p99 needs 662 samples, p95 59). */
export interface LatencyView {
  readonly stage: string;
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface IntervalView {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  /** 95 % Wilson bounds. */
  readonly low: number;
  readonly high: number;
}

/** One subgroup of the p-chart; `signals` names the rules it breaks (`beyond-3-sigma`, `run-of-8`). */
export interface PChartPoint {
  readonly at: string;
  readonly rejected: number;
  readonly inspected: number;
  readonly share: number;
  readonly centre: number;
  readonly low: number;
  readonly high: number;
  readonly signals: readonly string[];
}

/** A row of the strip: one part, small enough for 200 of them. */
export interface PartSummary {
  readonly resultId: string;
  readonly partSeq: number;
  readonly partId: string;
  readonly verdict: PartRecord['verdict'];
  readonly reason: string;
  readonly at: string;
  readonly captureToActMs: number;
  readonly overruled: boolean;
}

export interface ThresholdView {
  readonly label: string;
  readonly classIndex: number;
  readonly threshold: number;
  readonly bundleThreshold: number;
  readonly provenance: string;
}

/** What moving a threshold would have done to the recorded parts: rejects at each candidate value, from stored scores. */
export interface ThresholdCostPoint {
  readonly threshold: number;
  readonly rejects: number;
  readonly of: number;
  /** Of the class's defects in the bundle's held-out pictures; null where the bundle has no such scores. */
  readonly missShare: IntervalView | null;
  /** Of good boards of that validation, the thresholds of the other classes as they are. */
  readonly falseRejectShare: IntervalView | null;
}

export interface GoldenView {
  readonly state: 'never' | 'due' | 'running' | 'passed' | 'failed' | 'bypassed';
  readonly at: string | null;
  readonly detail: string;
  readonly results: readonly {
    readonly name: string;
    readonly expected: string;
    readonly got: string;
    readonly ok: boolean;
  }[];
}

/** What the MES knows of one part: its record, and what an operator said about it. */
export interface PartDelivery {
  /** `delivered`: acknowledged, all of it. `refused`: the MES will never take a message of it. */
  readonly state: 'off' | 'delivered' | 'waiting' | 'refused';
  /** Messages that are not acknowledged. */
  readonly open: number;
  readonly attempts: number;
  /** Last answer that was no acknowledgement. */
  readonly reason: string | null;
}

export interface MesView {
  readonly url: string | null;
  readonly state: 'off' | 'delivering' | 'waiting' | 'failing';
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: number;
  readonly lastError: string | null;
}

/** Pictures and answers against the reference of the bundle. `GET /api/drift` */
export interface DriftView {
  readonly state: 'warming-up' | 'stable' | 'drifting';
  /** What the reference was made of. */
  readonly source: string;
  readonly windowParts: number;
  readonly falseAlarmsPerMonth: number;
  readonly parts: number;
  readonly features: readonly DriftFeature[];
  /** Raised now. */
  readonly alarms: readonly DriftAlarm[];
}

/** What the hub has of this station, and what waits. */
export interface UplinkView {
  readonly url: string;
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  readonly pending: { readonly critical: number; readonly business: number; readonly metric: number };
  readonly bytes: number;
  readonly maxBytes: number;
  /** Age of the oldest waiting event, ms; null when nothing waits. */
  readonly oldestAgeMs: number | null;
  /** Acknowledged by the hub after its commit, since the outbox was made. */
  readonly delivered: number;
  /** Given up, each declared to the hub. */
  readonly declaredLost: number;
  readonly resent: number;
  /** Quota of audit and alarms is full: nothing of them may be lost, so the station says so aloud. */
  readonly criticalFull: boolean;
  readonly lastError: string | null;
}

/** Everything the page shows, pushed as a whole at most four times a second. */
export interface StationView {
  readonly station: string;
  readonly version: string;
  readonly at: string;
  readonly simulated: boolean;
  /** PackML state word: Stopped, Idle, Execute, Held, Suspended, Aborted. */
  readonly lineState: 'Stopped' | 'Idle' | 'Execute' | 'Held' | 'Suspended' | 'Aborted';
  readonly lineStateReason: string;
  readonly inspected: number;
  readonly passed: number;
  readonly rejected: number;
  readonly abstained: number;
  readonly rejectShare: IntervalView;
  readonly latencies: readonly LatencyView[];
  /** Time from capture to act that the slowest of the last 200 parts left before the ejector, ms. */
  readonly captureToActBudgetMs: number;
  readonly pareto: readonly { readonly label: string; readonly count: number }[];
  readonly pChart: readonly PChartPoint[];
  readonly recent: readonly PartSummary[];
  readonly lastRejects: readonly PartSummary[];
  readonly plc: PlcLinkStatus;
  readonly camera: {
    readonly id: string;
    readonly connected: boolean;
    readonly captured: number;
    readonly superseded: number;
    readonly corrupt: number;
    readonly lastFrameAt: string | null;
  };
  readonly engine: {
    readonly state: string;
    readonly provider: string;
    readonly variant: string;
    readonly modelDigest: string;
    readonly degradationLevel: number;
    readonly degradationReason: string;
    readonly bundle: string;
    readonly bundleVersion: string;
    /** `research`: an input of the weights is limited to research or of unknown licence. */
    readonly bundleUse: 'unrestricted' | 'research';
  };
  readonly golden: GoldenView;
  readonly mes: MesView;
  /** Null where the station has no hub. */
  readonly uplink: UplinkView | null;
  /** Null where the bundle carries no reference, or drift is not watched. Without the distributions, which `GET /api/drift` has. */
  readonly drift: DriftView | null;
  readonly thresholds: readonly ThresholdView[];
  readonly drops: Readonly<Record<string, number>>;
}

/** Sent with each live picture; the picture itself follows as binary (`image/webp` or `image/png`). */
export interface LivePart {
  readonly resultId: string;
  readonly partId: string;
  readonly width: number;
  readonly height: number;
  readonly mime: string;
  readonly verdict: PartRecord['verdict'];
  readonly detections: PartRecord['detections'];
}
