import type { Box, Detection } from '@edge-blueprints/contracts';
import type { BoxFilter } from './box-filter.js';

/** A track as the tracker keeps it; what it shows of it is a `Track`. */
export interface LiveTrack {
  readonly id: number;
  readonly filter: BoxFilter;
  readonly bornAtMs: number;
  /** Where the filter expects it at this moment. */
  expected: Box;
  lastSeen: Box;
  seenAtMs: number;
  /** Since when it was seen at every moment. */
  streakFromMs: number;
  /** Seen at the moment before this one. */
  seenBefore: boolean;
  confirmed: boolean;
  ended: boolean;
  /** What was found of it at this moment. */
  detection: Detection | undefined;
}

/** Which detections belong to which tracks, at one moment. It sets `detection` and `ended` of the tracks. */
export interface Association {
  readonly createFilter: (first: Box) => BoxFilter;
  /** An unconfirmed track that was seen once stands still in its filter, variances too, until it is seen again. */
  readonly holdsNew?: boolean;
  /** @returns detections that start tracks */
  pair(tracks: readonly LiveTrack[], detections: readonly Detection[], atMs: number): readonly Detection[];
  /** After the filters took what was paired. */
  settle?(tracks: readonly LiveTrack[]): void;
}
