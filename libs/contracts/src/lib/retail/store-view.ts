import type { CameraCalibration } from './camera-calibration.js';
import type { ReleaseMetric, RetailRelease } from './release.js';
import type { FloorPolygon, StorePlan } from './store-plan.js';

/**
 * What the manager's page may see. Live figures are without noise but never small: a number below the minimum is told as
 * `fewer`. No identity, no path, no history of anybody; history on the page comes from releases only.
 */
export type MinimumCount =
  { readonly kind: 'count'; readonly value: number } | { readonly kind: 'fewer'; readonly than: number };

export interface StoreCameraView {
  readonly id: string;
  readonly connected: boolean;
  readonly mount: CameraCalibration['mount'];
  readonly framesPerS: number;
  /** The rate below which its figures are degraded. */
  readonly floorFramesPerS: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly state: 'seeing' | 'slow' | 'lost' | 'moved' | 'uncalibrated';
  readonly detail: string;
  /** Epoch ms of its last picture; null before the first. */
  readonly lastSeenEpochMs: number | null;
  readonly calibrationErrorM: number | null;
  readonly authority: FloorPolygon;
}

export interface StoreZoneView {
  readonly id: string;
  readonly name: string;
  readonly people: MinimumCount;
  /** Median of completed and censored visits of the last hour; null where too few. */
  readonly dwellMedianS: number | null;
  readonly censoredShare: number | null;
  readonly state: 'good' | 'suspended' | 'unknown';
}

export interface StoreQueueView {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly parties: number;
  /** For who joins now, seconds; null where nobody was served lately. */
  readonly expectedWaitS: number | null;
  readonly longestWaitS: number | null;
  readonly abandonedLastHour: MinimumCount;
  /** Little's law: |L - lambda W| / L over the last 15 minutes; null where too few. */
  readonly littleResidual: number | null;
  readonly state: 'good' | 'unreliable' | 'unknown';
}

export interface StoreLineView {
  readonly id: string;
  readonly name: string;
  readonly inToday: number;
  readonly outToday: number;
  readonly inLastHour: MinimumCount;
  readonly outLastHour: MinimumCount;
}

export interface BudgetView {
  readonly day: string;
  readonly epsilonPerDay: number;
  readonly spent: number;
  readonly perMetric: Readonly<Record<ReleaseMetric, { readonly allowed: number; readonly spent: number }>>;
  /** Reservations that a crash burnt. */
  readonly burnt: number;
  readonly ledger: {
    readonly state: 'open' | 'spent' | 'damaged' | 'clock-back';
    readonly detail: string;
    readonly entries: number;
    readonly head: string;
  };
}

export interface StoreHeatView {
  /** Metres a cell. */
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
  /** Row-major from the origin: person-seconds of the last 15 minutes, cells touched by too few people are 0. */
  readonly seconds: readonly number[];
  readonly minimumPeople: number;
}

export interface StoreView {
  readonly store: string;
  readonly simulated: boolean;
  readonly atEpochMs: number;
  readonly plan: StorePlan;
  readonly people: MinimumCount;
  readonly lines: readonly StoreLineView[];
  readonly zones: readonly StoreZoneView[];
  readonly queues: readonly StoreQueueView[];
  readonly cameras: readonly StoreCameraView[];
  readonly heat: StoreHeatView;
  readonly budget: BudgetView;
  /** Newest last, bounded: the history that the page draws. */
  readonly releases: readonly RetailRelease[];
  readonly alarms: readonly {
    readonly id: string;
    readonly code: string;
    readonly text: string;
    readonly sinceEpochMs: number;
  }[];
  readonly model: {
    readonly bundle: string;
    readonly version: string;
    readonly variant: string;
    readonly provider: string;
    readonly inferMsP50: number | null;
  };
  /** Pixels never leave: what this build can do at all. */
  readonly privacy: {
    readonly debugCapable: boolean;
    readonly minimumCount: number;
    readonly unit: string;
    readonly fragmentation: number;
  };
}
