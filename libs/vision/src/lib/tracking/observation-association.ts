import type { Box, Detection } from '@edge-blueprints/contracts';
import type { Association, LiveTrack } from './live-track.js';
import { createObservationFilter } from './observation-filter.js';
import { createPairing } from './pairing.js';
import type { ObservationSettings } from './tracker-options.js';

/** Observations kept per track for its direction; at higher frame rates the direction spans less time. */
const mostObservations = 32;
const slackMs = 0.01;

interface Motion {
  readonly times: number[];
  readonly boxes: Box[];
  /** Unit vector of the last movement. */
  dx: number;
  dy: number;
}

/**
 * OC-SORT: IoU and the agreement of directions decide together; weak detections keep tracks alive in a second stage; what is left over is compared with the last observation
 * of each track instead of its prediction, for people who stop. The re-update after a gap is in the filter.
 * Pairs below `minIou` are no candidates at all.
 * @see Cao et al., Observation-Centric SORT, arXiv 2203.14360, sections 4.2 and 4.3
 */
export function createObservationAssociation(settings: ObservationSettings): Association {
  const { minScore, minIou, directionWeight, lowScore } = settings;
  const directionMs = settings.directionS * 1000;
  const pair = createPairing();
  const motions = new WeakMap<LiveTrack, Motion>();

  /** The oldest observation within the span, otherwise the last one. */
  const reference = (motion: Motion, atMs: number): Box | undefined => {
    while (motion.times.length > 1 && (motion.times[0] ?? 0) < atMs - directionMs - slackMs) {
      motion.times.shift();
      motion.boxes.shift();
    }
    return motion.boxes[0];
  };
  const observe = (track: LiveTrack, box: Box, atMs: number): void => {
    const motion = motions.get(track) ?? { times: [track.bornAtMs], boxes: [track.lastSeen], dx: 0, dy: 0 };
    const from = reference(motion, atMs);
    if (from !== undefined) [motion.dx, motion.dy] = direction(from, box);
    motion.times.push(atMs);
    motion.boxes.push(box);
    if (motion.times.length > mostObservations) {
      motion.times.shift();
      motion.boxes.shift();
    }
    motions.set(track, motion);
  };
  /** -1/2 to 1/2, greatest where the detection lies straight ahead. */
  const agreement = (track: LiveTrack, detection: Detection, atMs: number): number => {
    const motion = motions.get(track);
    const from = motion && reference(motion, atMs);
    if (motion === undefined || from === undefined) return 0;
    const [dx, dy] = direction(from, detection.box);
    const cosine = Math.min(1, Math.max(-1, dx * motion.dx + dy * motion.dy));
    return 0.5 - Math.acos(cosine) / Math.PI;
  };

  return {
    createFilter: createObservationFilter,
    pair(tracks, detections, atMs) {
      const first = pair({
        tracks,
        detections: detections.filter(({ score }) => score > minScore),
        boxOf: (track) => track.expected,
        cost: (overlap, detection, track) =>
          overlap < minIou ? NaN : -overlap - directionWeight * detection.score * agreement(track, detection, atMs),
        limit: 0,
      });
      const second = pair({
        tracks: first.tracks,
        detections: detections.filter(({ score }) => score > lowScore && score <= minScore),
        boxOf: (track) => track.expected,
        cost: (overlap) => (overlap < minIou ? NaN : -overlap),
        limit: 0,
      });
      const last = pair({
        tracks: second.tracks,
        detections: first.detections,
        boxOf: (track) => track.lastSeen,
        cost: (overlap) => (overlap < minIou ? NaN : -overlap),
        limit: 0,
      });
      for (const track of tracks) if (track.detection) observe(track, track.detection.box, atMs);
      return last.detections;
    },
  };
}

function direction(from: Box, to: Box): [number, number] {
  const dx = (to.xMin + to.xMax - from.xMin - from.xMax) / 2;
  const dy = (to.yMin + to.yMax - from.yMin - from.yMax) / 2;
  const length = Math.hypot(dx, dy) + 1e-6;
  return [dx / length, dy / length];
}
