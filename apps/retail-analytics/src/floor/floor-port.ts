import type { CameraCalibration, CameraSight, StorePlan } from '@edge-blueprints/contracts';
import type { Track } from '@edge-blueprints/vision';

/** What the floor needs of a track of the image plane. */
export type TrackedPerson = Pick<Track, 'id' | 'box' | 'detection' | 'confirmed' | 'predicted'>;

/** How far two cameras put the same people apart, metres; measured where both see somebody at nearly the same time. */
export interface CameraAgreement {
  readonly cameras: readonly [string, string];
  readonly samples: number;
  readonly medianM: number;
  readonly p95M: number;
}

export interface FloorCounters {
  /** People that stood in a mask (mirror, screen, poster) or outside of the floor. */
  readonly masked: number;
  readonly outsideFloor: number;
  /** Boxes from which no place on the floor follows: above the horizon, or farther than `maxDistanceM`. */
  readonly unplaced: number;
  /** People who went on from one camera to the next, or were found again. */
  readonly handovers: number;
  readonly reconnected: number;
  /** People beyond `maxPeople`, not followed. */
  readonly beyondCapacity: number;
  /** Things that stood still for so long that they are no people. */
  readonly stillFound: number;
}

/** The tracks of all cameras as people on one floor, each told by one camera only. */
export interface StoreFloor {
  /**
   * One camera's tracks of one moment.
   * @returns the people whom this camera answers for now; undefined while it has no calibration
   */
  see(camera: string, atMs: number, tracks: readonly TrackedPerson[]): CameraSight | undefined;
  /** A new calibration: what this camera saw until now is forgotten. @throws ConfigError `retail.calibration` */
  setCalibration(calibration: CameraCalibration): void;
  /** New masks and size of the floor. */
  setPlan(plan: StorePlan): void;
  agreement(): readonly CameraAgreement[];
  counters(): FloorCounters;
}
