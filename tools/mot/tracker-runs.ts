import { createTracker, type MotBox, type TrackerOptions } from '@edge-blueprints/vision';

/** A tracker as its paper sets it, frame for frame, at the frame rate of the sequence. */
export interface TrackerRun {
  readonly name: string;
  readonly about: string;
  readonly options: (framesPerS: number) => TrackerOptions;
}

/** A sequence has no pauses and no limit of objects: what the published trackers do not drop is not dropped. */
const unbounded = { warmStart: true, maxTracks: 4096, maxDetections: 4096, restartGapS: 3600 } as const;

const sort =
  (lostFrames: number): TrackerRun['options'] =>
  (framesPerS) => ({
    kind: 'sort',
    ...unbounded,
    referenceFps: framesPerS,
    maxLostS: lostFrames / framesPerS,
    confirmS: 3 / framesPerS,
    confirmation: 'streak',
  });

export const trackerRuns: readonly TrackerRun[] = [
  { name: 'SORT 1', about: 'max_age 1, min_hits 3, IoU 0.3', options: sort(1) },
  { name: 'SORT 30', about: 'max_age 30', options: sort(30) },
  {
    name: 'BYTE',
    about: 'scores 0.5 and 0.1, new 0.6, limits 0.8, 0.5, 0.7, lost 30 frames',
    options: (framesPerS) => ({
      kind: 'byte',
      ...unbounded,
      referenceFps: framesPerS,
      maxLostS: 30 / framesPerS,
    }),
  },
  {
    name: 'OC-SORT',
    about: 'IoU 0.3, delta_t 3, inertia 0.2, max_age 30, min_hits 3, no second stage',
    options: (framesPerS) => ({
      kind: 'oc-sort',
      ...unbounded,
      referenceFps: framesPerS,
      maxLostS: 30 / framesPerS,
      confirmS: 3 / framesPerS,
      confirmation: 'streak',
      directionS: 3 / framesPerS,
      lowScore: 1,
    }),
  },
];

/** Every `every`-th frame through the tracker; what it says is there and counts becomes the result. */
export function runTracker(
  options: TrackerOptions,
  detections: readonly MotBox[],
  framesPerS: number,
  every = 1,
): MotBox[] {
  const tracker = createTracker(options);
  const frames = new Map<number, MotBox[]>();
  for (const box of detections) frames.set(box.frame, [...(frames.get(box.frame) ?? []), box]);
  const last = Math.max(0, ...frames.keys());
  const result: MotBox[] = [];
  for (let frame = 1; frame <= last; frame += every) {
    const found = (frames.get(frame) ?? []).map(({ box, confidence }) => ({
      label: 'person',
      classIndex: 0,
      score: confidence,
      box,
    }));
    for (const { id, box, confirmed, predicted } of tracker.update(found, (frame * 1000) / framesPerS))
      if (confirmed && !predicted)
        result.push({ frame, id, box, confidence: 1, classIndex: undefined, visibility: undefined });
  }
  return result;
}
