import type { Box, Detection } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from '../intersection-over-union.js';
import { createAssigner } from './limited-assignment.js';
import type { LiveTrack } from './live-track.js';

/** Cost of giving this detection to this track, from their IoU; NaN where they must not be paired. */
export type PairCost = (overlap: number, detection: Detection, track: LiveTrack) => number;

export interface PairingRound {
  readonly tracks: readonly LiveTrack[];
  readonly detections: readonly Detection[];
  /** Which box of a track is compared. */
  readonly boxOf: (track: LiveTrack) => Box;
  readonly cost: PairCost;
  /** A pair at this cost or above is not made. */
  readonly limit: number;
  /** Pairs of the least-cost assignment that overlap less are dropped afterwards, as SORT does. */
  readonly dropBelowIou?: number;
}

export interface PairingRest {
  readonly tracks: readonly LiveTrack[];
  readonly detections: readonly Detection[];
}

/** Sets `detection` of the tracks that got one; returns what is left over on both sides, in order. */
export function createPairing(): (round: PairingRound) => PairingRest {
  const assign = createAssigner();
  let costs = new Float64Array(0);
  let taken = new Uint8Array(0);
  let edges = new Float64Array(0);
  return ({ tracks, detections, boxOf, cost, limit, dropBelowIou = 0 }) => {
    const columns = tracks.length;
    if (columns === 0 || detections.length === 0) return { tracks, detections };
    const cells = detections.length * columns;
    if (costs.length < cells) costs = new Float64Array(2 * cells);
    if (taken.length < columns) taken = new Uint8Array(2 * columns);
    taken.fill(0, 0, columns);
    if (edges.length < 4 * columns) edges = new Float64Array(8 * columns);
    tracks.forEach((track, column) => {
      const { xMin, yMin, xMax, yMax } = boxOf(track);
      edges[4 * column] = xMin;
      edges[4 * column + 1] = yMin;
      edges[4 * column + 2] = xMax;
      edges[4 * column + 3] = yMax;
    });
    let cell = 0;
    for (const detection of detections) {
      const { xMin, yMin, xMax, yMax } = detection.box;
      for (let at = 0; at < 4 * columns; at += 4, cell += 1) {
        costs[cell] = NaN;
        // Most pairs lie apart; they are told from flat numbers, without looking at the objects.
        if (!((edges[at] ?? 0) < xMax && (edges[at + 2] ?? 0) > xMin)) continue;
        if (!((edges[at + 1] ?? 0) < yMax && (edges[at + 3] ?? 0) > yMin)) continue;
        const track = tracks[at >> 2];
        if (track !== undefined)
          costs[cell] = cost(intersectionOverUnion(detection.box, boxOf(track)), detection, track);
      }
    }
    const columnOfRow = assign(costs, detections.length, columns, limit);
    const left = detections.filter((detection, row) => {
      const column = columnOfRow[row] ?? -1;
      const track = tracks[column];
      if (track === undefined) return true;
      if (dropBelowIou > 0 && intersectionOverUnion(detection.box, boxOf(track)) < dropBelowIou) return true;
      track.detection = detection;
      taken[column] = 1;
      return false;
    });
    return { tracks: tracks.filter((_, column) => taken[column] === 0), detections: left };
  };
}
