import type { CameraCalibration, FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { isInPolygon } from '@edge-blueprints/vision';
import { FloorFilter } from './floor-filter.js';
import type { TrackedPerson } from './floor-port.js';
import { createAnchorer, type Anchor } from './person-anchor.js';
import { Stature } from './stature.js';
import { StillWatch } from './still-watch.js';

/** One person of one camera on the floor. `local` is the camera's own track. */
export interface LocalPerson {
  readonly local: number;
  readonly confirmed: boolean;
  readonly floor: FloorPoint;
  readonly velocity: FloorPoint;
  readonly predicted: boolean;
  readonly still: boolean;
}

/** Who stands farther outside of the plan is a reflection or in the street. */
const outsideM = 1;
/** A place that one picture error moves farther than this is no place. */
const worstSigmaM = 1;
/** Without a detection a place is believed for so long, ms. */
const coastMs = 1_000;
/**
 * Faint detections keep a track, so that who is half hidden keeps the number. Whose score lies below this on average over so
 * long is not taken for seen: a table heaped with goods is found again and again, hardly ever surely. Scores are counted from
 * the bundle's threshold, which enters as 0.5.
 */
const faintScore = 0.4;
const faintMs = 4_000;
/** A detection so far from its track's place, and so many standard deviations, is another's: the walk begins anew there. */
const jumpM = 0.8;
const jumpSigmas = 4;

interface Walk {
  readonly filter: FloorFilter;
  readonly stature: Stature;
  score: number;
  seenMs: number;
  atMs: number;
}

export interface CameraFloor {
  update(atMs: number, tracks: readonly TrackedPerson[]): readonly LocalPerson[];
  setPlan(plan: StorePlan): void;
  counters(): {
    readonly masked: number;
    readonly outsideFloor: number;
    readonly unplaced: number;
    readonly beyondCapacity: number;
    readonly stillFound: number;
  };
}

function isJump(filter: FloorFilter, { floor, sigmaM }: Anchor): boolean {
  const away = Math.hypot(floor[0] - filter.floor[0], floor[1] - filter.floor[1]);
  return away > Math.max(jumpM, jumpSigmas * Math.hypot(filter.sigmaM, sigmaM));
}

/** Tracks of one camera's image plane as people with place and velocity in metres. */
export function createCameraFloor(options: {
  readonly calibration: CameraCalibration;
  readonly plan: StorePlan;
  /** Names of the keypoints of a detection, in its order; empty where the model has none. */
  readonly keypointNames: readonly string[];
  readonly maxPeople: number;
}): CameraFloor {
  const anchor = createAnchorer(options.calibration, options.keypointNames);
  const walks = new Map<number, Walk>();
  const still = new StillWatch();
  let { plan } = options;
  const counts = { masked: 0, outsideFloor: 0, unplaced: 0, beyondCapacity: 0 };

  const isCounted = (floor: FloorPoint): boolean => {
    const [x, y] = floor;
    if (x < -outsideM || y < -outsideM || x > plan.widthM + outsideM || y > plan.depthM + outsideM) {
      counts.outsideFloor += 1;
      return false;
    }
    if (plan.masks.some((mask) => isInPolygon(mask, floor))) {
      counts.masked += 1;
      return false;
    }
    return true;
  };

  const walkOf = (track: TrackedPerson, atMs: number): Walk | undefined => {
    const known = walks.get(track.id);
    if (known && atMs > known.atMs) {
      known.filter.predict((atMs - known.atMs) / 1000);
      known.atMs = atMs;
    }
    const { detection } = track;
    if (!detection) return known;
    const stature = known?.stature ?? new Stature();
    const found = anchor(detection.box, detection.keypoints, stature);
    if (!found || found.sigmaM > worstSigmaM) {
      counts.unplaced += 1;
      return known;
    }
    if (found.stature) stature.learn(found.stature);
    if (known && !isJump(known.filter, found)) {
      known.filter.update(found.floor, found.sigmaM);
      known.score += (1 - Math.exp((known.seenMs - atMs) / faintMs)) * (detection.score - known.score);
      known.seenMs = atMs;
      return known;
    }
    const filter = new FloorFilter(found.floor, found.sigmaM);
    const begun: Walk = { filter, stature, score: detection.score, seenMs: atMs, atMs };
    walks.set(track.id, begun);
    return begun;
  };

  return {
    update(atMs, tracks) {
      const kept = tracks.slice(0, options.maxPeople);
      counts.beyondCapacity += tracks.length - kept.length;
      const ids = new Set(kept.map((track) => track.id));
      for (const id of walks.keys()) if (!ids.has(id)) walks.delete(id);
      still.keep(ids, atMs);
      return kept.flatMap((track): LocalPerson[] => {
        const walk = walkOf(track, atMs);
        if (!walk || atMs - walk.seenMs > coastMs) return [];
        const { floor, velocity } = walk.filter;
        const isFound = walk.seenMs === atMs;
        const isThing = isFound ? still.observe(track.id, floor, atMs) : still.isStill(track.id);
        if (!isCounted(floor)) return [];
        const predicted = !isFound || walk.score < faintScore;
        return [{ local: track.id, confirmed: track.confirmed, floor, velocity, predicted, still: isThing }];
      });
    },
    setPlan(next) {
      plan = next;
    },
    counters: () => ({ ...counts, stillFound: still.found }),
  };
}
