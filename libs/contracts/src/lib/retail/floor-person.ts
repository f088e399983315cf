import type { FloorPoint } from './store-plan.js';

/**
 * One person of one camera at one moment, after tracking, on the floor. It lives in memory only: `track` is a number that
 * is never used again within a day and never leaves the process.
 */
export interface FloorPerson {
  readonly track: number;
  /** Seen often enough to be counted. Tentative people are in the list so that a picture can be explained, never counted. */
  readonly confirmed: boolean;
  readonly floor: FloorPoint;
  /** Metres per second, smoothed. */
  readonly velocity: FloorPoint;
  /** True where this moment has no detection and the position is the filter's. */
  readonly predicted: boolean;
  /** True where it has not moved at all for so long that it is a mannequin, a poster or a reflection. */
  readonly still: boolean;
}

/** What one camera saw at one moment. */
export interface CameraSight {
  readonly camera: string;
  /** Monotonic clock, end of exposure. */
  readonly atMs: number;
  readonly people: readonly FloorPerson[];
}
