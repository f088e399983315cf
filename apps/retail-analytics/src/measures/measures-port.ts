import type {
  CameraCalibration,
  CameraSight,
  StoreCameraView,
  StoreHeatView,
  StoreLineView,
  StorePlan,
  StoreQueueView,
  StoreView,
  StoreZoneView,
} from '@edge-blueprints/contracts';
import type { QueueVisit, WindowContributions, ZoneVisit } from './contribution.js';

/** A window whose contributions are complete. An edit of the plan or a jump of the clock ends one before its bin does. */
export interface ReleaseWindow {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly planRevision: number;
}

/** What was counted, without who. For reports that compare with a known truth; it stays in the process. */
export type MeasureEvent =
  | { readonly kind: 'crossing'; readonly line: string; readonly direction: 'in' | 'out'; readonly atMs: number }
  | ({ readonly kind: 'visit' } & ZoneVisit)
  | ({ readonly kind: 'queue' } & QueueVisit & { readonly atMs: number });

/** Exact figures of one moment, for reports against a known truth. Never shown, stored or sent. */
export interface ExactFigures {
  readonly people: number;
  readonly zones: ReadonlyMap<string, number>;
  readonly queues: ReadonlyMap<string, { readonly length: number; readonly parties: number }>;
}

/** Time-weighted mean and peak (largest 5 s median) of the people of a zone since the last call. */
export interface ZoneOccupancy {
  readonly zone: string;
  readonly meanPeople: number;
  readonly peakPeople: number;
  readonly seconds: number;
}

/** The live part of the page's view that comes from people; numbers below the minimum are told as fewer. */
export interface LiveMeasures {
  readonly people: StoreView['people'];
  readonly lines: readonly StoreLineView[];
  readonly zones: readonly StoreZoneView[];
  readonly queues: readonly StoreQueueView[];
  readonly heat: StoreHeatView;
}

export interface MeasureCounters {
  /** Passed a line and was lost before it was clear that it stayed on that side. */
  readonly lostCrossings: number;
  /** People, tracks of a window, or items of a track beyond their bound. */
  readonly beyondCapacity: number;
  /** Sights older than the one before of the same camera. */
  readonly outOfOrder: number;
  /** Tracks dropped whole because they were no people. */
  readonly stillTracks: number;
  readonly staffTracks: number;
}

/** All measures of a store, from people on the floor. Metres and seconds throughout, nothing depends on the frame rate. */
export interface StoreMeasures {
  /** Each sight of each camera, empty ones too: that nobody is there is an observation. */
  observe(sight: CameraSight): void;
  /** Time passes without a sight, for example while all cameras are lost. At least once a second. */
  advance(atMs: number): void;
  /** What the node knows of a camera beyond its sights: moved cameras suspend their zones. */
  setCamera(camera: string, state: StoreCameraView['state'], atMs: number): void;
  /** A camera answers for another part of the floor from now on. */
  setCalibration(calibration: CameraCalibration): void;
  /** Visits are closed now; what is counted from now on belongs to the new revision. */
  edit(plan: StorePlan, atMs: number): void;
  snapshot(atMs: number): LiveMeasures;
  exact(atMs: number): ExactFigures;
  occupancy(atMs: number): readonly ZoneOccupancy[];
  /** Complete windows in order, empty ones too. Take each once. */
  due(atMs: number): readonly ReleaseWindow[];
  /** The window that is open now and would be cut here: at a clean stop, to be taken after what is due. */
  cut(atMs: number): readonly ReleaseWindow[];
  /**
   * The contributions of one window, once. A track that goes on is cut and adds nothing to any later window.
   * @throws UsageError `retail.window` for a window that was not announced or was taken before
   */
  take(window: ReleaseWindow): WindowContributions;
  counters(): MeasureCounters;
}
