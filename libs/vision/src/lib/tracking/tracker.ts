import { UsageError, type Box, type Detection } from '@edge-blueprints/contracts';
import { createByteAssociation } from './byte-association.js';
import type { Association, LiveTrack } from './live-track.js';
import { createObservationAssociation } from './observation-association.js';
import { createSortAssociation } from './sort-association.js';
import { completeTrackerOptions, type TrackerOptions, type TrackerSettings } from './tracker-options.js';

/** One object of one camera over time. An id is never used twice by a tracker; ids are not people, see the README. */
export interface Track {
  readonly id: number;
  /** Where it is, pixels: filtered, or as last observed for `oc-sort` while it is seen. */
  readonly box: Box;
  /** What was found of it at this moment; undefined where nothing was. */
  readonly detection: Detection | undefined;
  /** Seen often enough to be counted. */
  readonly confirmed: boolean;
  /** True where this moment has no detection of it and the box is the filter's. */
  readonly predicted: boolean;
  readonly sinceUpdateMs: number;
  /** Of the centre: x, y. */
  readonly velocityPxPerS: readonly [number, number];
}

export interface TrackerCounters {
  readonly started: number;
  readonly ended: number;
  /** Detections that found no room among `maxDetections` or `maxTracks`, or were no box. */
  readonly dropped: number;
  /** Times at which every track ended because time went back or stood still for too long. */
  readonly restarts: number;
}

/** Detections of one camera into tracks, in the image plane. No appearance is looked at. */
export interface Tracker {
  /**
   * @param detections of one picture, best first
   * @param atMs when it was taken, on a clock that does not go back
   * @returns every living track, seen now or not, oldest first
   * @throws UsageError `vision.track-time` where `atMs` is no number
   */
  update(detections: readonly Detection[], atMs: number): readonly Track[];
  counters(): TrackerCounters;
}

/** Times of frames as floating numbers differ in their last digits; less than this is the same time. */
const slackMs = 0.01;

/** @throws ConfigError `vision.tracker-options` */
export function createTracker(options: TrackerOptions): Tracker {
  const settings = completeTrackerOptions(options);
  const association = associationOf(settings);
  const counts = { started: 0, ended: 0, dropped: 0, restarts: 0 };
  const confirmMs = settings.confirmS * 1000;
  const sticky = settings.kind === 'byte' || settings.confirmation === 'once';
  let tracks: LiveTrack[] = [];
  let nextId = 1;
  let firstAtMs = 0;
  let beforeMs: number | undefined;

  /** Steps of the reference period since the last picture; whole ones to the digit. */
  const advance = (atMs: number): number => {
    const gapMs = beforeMs === undefined ? 0 : atMs - beforeMs;
    if (beforeMs === undefined || gapMs < -slackMs || gapMs > settings.restartGapS * 1000) {
      if (beforeMs !== undefined) counts.restarts += 1;
      counts.ended += tracks.length;
      tracks = [];
      firstAtMs = atMs;
      return 0;
    }
    const steps = Math.max(0, (gapMs * settings.referenceFps) / 1000);
    return Math.abs(steps - Math.round(steps)) < 1e-6 ? Math.round(steps) : steps;
  };

  const predict = (steps: number): void => {
    tracks = tracks.filter((track) => {
      track.seenBefore = track.detection !== undefined;
      track.detection = undefined;
      const held = association.holdsNew === true && !track.confirmed && track.seenAtMs === track.bornAtMs;
      if (steps > 0 && !held) track.filter.predict(steps, !track.seenBefore);
      const expected = track.filter.box();
      if (expected === undefined) {
        counts.ended += 1;
        return false;
      }
      track.expected = expected;
      return true;
    });
  };

  const start = (detection: Detection, atMs: number, warm: boolean): void => {
    if (tracks.length >= settings.maxTracks) {
      counts.dropped += 1;
      return;
    }
    tracks.push({
      id: nextId,
      filter: association.createFilter(detection.box),
      bornAtMs: atMs,
      expected: detection.box,
      lastSeen: detection.box,
      seenAtMs: atMs,
      streakFromMs: atMs,
      seenBefore: false,
      confirmed: warm,
      ended: false,
      detection,
    });
    nextId += 1;
    counts.started += 1;
  };

  return {
    update(detections, atMs) {
      if (!Number.isFinite(atMs))
        throw new UsageError('vision.track-time', `A picture's time must be a number of milliseconds, got ${atMs}.`);
      const steps = advance(atMs);
      const missedAtMs = beforeMs ?? atMs;
      beforeMs = atMs;
      predict(steps);

      const usable = detections.filter(({ box }) => box.xMax > box.xMin && box.yMax > box.yMin);
      counts.dropped += detections.length - Math.min(usable.length, settings.maxDetections);
      const births = association.pair(tracks, usable.slice(0, settings.maxDetections), atMs);

      // ByteTrack takes the first picture alone for warm, SORT all pictures before anything can have been confirmed.
      const warm =
        settings.warmStart &&
        (atMs === firstAtMs || (settings.kind !== 'byte' && atMs - firstAtMs < confirmMs - slackMs));
      for (const track of tracks) {
        if (track.detection === undefined) track.filter.miss();
        else {
          take(track, track.detection, atMs, missedAtMs);
          const proven = warm || atMs - track.streakFromMs >= confirmMs - slackMs;
          track.confirmed = proven || (sticky && track.confirmed);
        }
      }
      for (const detection of births) start(detection, atMs, warm);
      association.settle?.(tracks);
      const maxLostMs = settings.maxLostS * 1000 + slackMs;
      const living = tracks.filter((track) => !track.ended && atMs - track.seenAtMs <= maxLostMs);
      counts.ended += tracks.length - living.length;
      tracks = living;
      return tracks.map((track) => show(track, settings, atMs));
    },
    counters: () => ({ ...counts }),
  };
}

function take(track: LiveTrack, detection: Detection, atMs: number, missedAtMs: number): void {
  track.filter.update(detection.box);
  if (!track.seenBefore) track.streakFromMs = missedAtMs;
  track.seenAtMs = atMs;
  track.lastSeen = detection.box;
  track.expected = track.filter.box() ?? detection.box;
}

function show(track: LiveTrack, settings: TrackerSettings, atMs: number): Track {
  const [vx, vy] = track.filter.velocity();
  return {
    id: track.id,
    box: settings.kind === 'oc-sort' && track.detection !== undefined ? track.lastSeen : track.expected,
    detection: track.detection,
    confirmed: track.confirmed,
    predicted: track.detection === undefined,
    sinceUpdateMs: atMs - track.seenAtMs,
    velocityPxPerS: [vx * settings.referenceFps, vy * settings.referenceFps],
  };
}

function associationOf(settings: TrackerSettings): Association {
  switch (settings.kind) {
    case 'sort':
      return createSortAssociation(settings);
    case 'byte':
      return createByteAssociation(settings);
    case 'oc-sort':
      return createObservationAssociation(settings);
  }
}
