import type { CameraSight, Clock, Logger } from '@edge-blueprints/contracts';
import type { StoreCameraConfig, StoreConfig } from '../config.js';
import type { StoreFloor } from '../floor/floor-port.js';
import { createEngineShare } from '../perception/engine-share.js';
import type { OpenedModel } from '../perception/open-perception.js';
import { engineSlots, personThreshold } from '../perception/open-perception.js';
import { createPeopleTracker } from '../perception/people-tracker.js';
import { createPersonFinder } from '../perception/person-finder.js';
import { createPersonPose } from '../perception/person-pose.js';
import { createShiftWatch } from '../perception/shift-watch.js';
import type { FrameTimings } from '../store-line.js';
import type { CalibrationPictures } from './calibration-pictures.js';
import type { PlanFiles } from './plan-files.js';
import { createSceneFiles } from './scene-files.js';
import { createStoreCamera } from './store-camera.js';
import type { StoreCamera } from './store-camera.js';

/** Makes the cameras' data paths; what they share is made once. */
export interface CameraLines {
  readonly create: (config: StoreCameraConfig) => StoreCamera;
  /** Totals of what the shared parts let go, by cause. */
  drops(): Readonly<Record<string, number>>;
  /** People that were not followed because there were too many. */
  beyondCapacity(): number;
}

export function openCameraLines(
  config: StoreConfig,
  parts: {
    readonly finder: OpenedModel;
    readonly pose: OpenedModel | undefined;
    readonly floor: Pick<StoreFloor, 'see'>;
    readonly count: (sight: CameraSight) => void;
    readonly files: PlanFiles;
    readonly pictures: CalibrationPictures | undefined;
    readonly sawFrame: (timings: FrameTimings) => void;
    readonly clock: Clock;
    readonly log: Logger;
  },
): CameraLines {
  const { clock, log, files } = parts;
  const { maxFrameAgeMs, maxPeople } = config.perception;
  const finder = createPersonFinder(parts.finder, maxPeople);
  const scenes = createSceneFiles(config.state.folder, log);
  const pose = parts.pose && createPersonPose(parts.pose, clock.monotonicMs);
  const share = createEngineShare({
    cameras: config.cameras,
    slots: engineSlots,
    maxAgeMs: maxFrameAgeMs,
    nowMs: clock.monotonicMs,
  });
  const newTracker = () => createPeopleTracker(config.tracker, personThreshold(parts.finder.manifest));
  const trackers = config.cameras.map(({ id }) => ({ id, tracker: newTracker() }));
  const trackerOf = (camera: string) => trackers.find(({ id }) => id === camera)?.tracker ?? newTracker();

  return {
    create: (camera) =>
      createStoreCamera(camera, {
        share,
        finder,
        pose,
        tracker: trackerOf(camera.id),
        floor: parts.floor,
        shift: createShiftWatch(camera.id, files.calibration(camera.id)?.calibratedAt, scenes),
        background: parts.pictures?.of(camera.id),
        calibration: files.calibration(camera.id),
        count: parts.count,
        sawFrame: parts.sawFrame,
        maxAgeMs: maxFrameAgeMs,
        clock,
        log,
      }),
    drops: () => ({
      'track.dropped': trackers.reduce((sum, { tracker }) => sum + tracker.counters().dropped, 0),
      'postprocess.beyond-capacity': finder.beyondCapacity,
      ...(pose === undefined ? {} : { 'pose.skipped': pose.skipped }),
    }),
    beyondCapacity: () => finder.beyondCapacity,
  };
}
