import { EdgeError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import type {
  CameraCalibration,
  CameraSight,
  Clock,
  Frame,
  FrameSourceStats,
  Logger,
  StoreCameraView,
} from '@edge-blueprints/contracts';
import type { Tracker } from '@edge-blueprints/vision';
import type { StoreCameraConfig } from '../config.js';
import type { StoreFloor } from '../floor/floor-port.js';
import type { Background } from '../perception/background.js';
import type { EngineShare } from '../perception/engine-share.js';
import type { PersonFinder } from '../perception/person-finder.js';
import type { PersonPose } from '../perception/person-pose.js';
import { createRateMeter } from '../perception/rate-meter.js';
import type { ShiftWatch } from '../perception/shift-watch.js';
import type { FrameTimings, StoreLine } from '../store-line.js';
import { createDropTotals } from '../telemetry/drop-totals.js';
import { cameraCondition } from './camera-condition.js';

/** One camera of the store: its verbs, and what is known of it. */
export interface StoreCamera {
  readonly line: StoreLine;
  /** A picture came. Returns at once. */
  arrived(frame: Frame): void;
  view(stats: FrameSourceStats, trouble: string): StoreCameraView;
  drops(stats: FrameSourceStats): Readonly<Record<string, number>>;
  /** Of the newest picture. */
  pictureSize(): { readonly width: number; readonly height: number } | undefined;
  /** The newest frame that was looked at, monotonic ms. */
  lookedAtMs(): number | undefined;
  calibrated(calibration: CameraCalibration): void;
}

/** Clocks of one machine agree to the millisecond; a picture from further ahead has a time that means nothing. */
const aheadLimitMs = 1_000;

export function createStoreCamera(
  config: StoreCameraConfig,
  parts: {
    readonly share: EngineShare;
    readonly finder: PersonFinder;
    readonly pose: PersonPose | undefined;
    readonly tracker: Tracker;
    readonly floor: Pick<StoreFloor, 'see'>;
    readonly shift: ShiftWatch;
    /** Undefined where no calibration pictures are configured. */
    readonly background: Background | undefined;
    readonly calibration: CameraCalibration | undefined;
    readonly count: (sight: CameraSight) => void;
    readonly sawFrame: (timings: FrameTimings) => void;
    readonly maxAgeMs: number;
    readonly clock: Clock;
    readonly log: Logger;
  },
): StoreCamera {
  const { id, floorFramesPerS } = config;
  const { share, finder, pose, tracker, floor, shift, background, clock, log } = parts;
  const nowMs = clock.monotonicMs;
  const arriving = createRateMeter(nowMs);
  const looked = createRateMeter(nowMs);
  const faults = createDropTotals();
  let { calibration } = parts;
  let size: { readonly width: number; readonly height: number } | undefined;
  let firstMs: number | undefined;
  let arrivedMs: number | undefined;
  let lookedMs: number | undefined;
  let lastSeenEpochMs: number | null = null;

  const line: StoreLine = {
    camera: id,
    maxAgeMs: parts.maxAgeMs,
    nowMs,
    frames: (stop) => share.frames(id, stop),
    preprocess: finder.preprocess,
    infer: finder.infer,
    postprocess: (result, mapping, frame) => {
      const people = finder.people(result, mapping);
      return pose === undefined ? people : pose.refine(frame, people, frame.capturedAtMs + parts.maxAgeMs);
    },
    decide: (people, frame) => {
      if (calibration !== undefined && !fits(calibration, frame))
        throw new EdgeError(
          'store.picture-size',
          `Camera ${id} sends ${frame.width} x ${frame.height} but was calibrated at ${calibration.imageWidth} x ${calibration.imageHeight}; calibrate it again`,
        );
      shift.see(frame);
      background?.see(frame, people);
      return floor.see(id, frame.capturedAtMs, tracker.update(people, frame.capturedAtMs));
    },
    act: parts.count,
    record: (timings) => {
      looked.count();
      lookedMs = nowMs();
      parts.sawFrame(timings);
    },
    dropped: (error) => {
      const code = errorCode(error);
      if (faults.totals()[code] === undefined)
        log.warn('frame.dropped', { camera: id, code, message: errorMessage(error) });
      faults.count(code);
    },
  };
  return {
    line,
    arrived: (frame) => {
      const atMs = nowMs();
      arriving.count();
      firstMs ??= atMs;
      arrivedMs = atMs;
      lastSeenEpochMs = clock.epochMs() - Math.max(0, atMs - frame.capturedAtMs);
      if (size?.width !== frame.width || size.height !== frame.height)
        size = { width: frame.width, height: frame.height };
      if (frame.capturedAtMs > atMs + aheadLimitMs) faults.count('frame.from-ahead');
      else share.offer(id, frame);
    },
    view: (stats, trouble) => {
      const atMs = nowMs();
      const framesPerS = looked.perS();
      const condition = cameraCondition({
        connected: stats.connected,
        calibrated: calibration !== undefined,
        moved: shift.moved(),
        trouble,
        framesPerS,
        arrivingPerS: arriving.perS(),
        floorFramesPerS,
        upMs: firstMs === undefined ? 0 : atMs - firstMs,
        silentMs: arrivedMs === undefined ? undefined : atMs - arrivedMs,
      });
      return {
        id,
        connected: stats.connected,
        mount: calibration?.mount ?? config.mount,
        framesPerS: Math.round(framesPerS * 10) / 10,
        floorFramesPerS,
        dropped: dropsOf(stats),
        ...condition,
        lastSeenEpochMs,
        calibrationErrorM: calibration?.heldOut.p95M ?? null,
        authority: calibration?.authority ?? [],
      };
    },
    drops: dropsOf,
    pictureSize: () => size,
    lookedAtMs: () => lookedMs,
    calibrated: (next) => {
      calibration = next;
      shift.accept(next.calibratedAt);
      background?.forget();
    },
  };

  function dropsOf(stats: FrameSourceStats): Readonly<Record<string, number>> {
    const { superseded, late } = share.drops(id);
    return {
      'frame.superseded': stats.superseded,
      'frame.corrupt': stats.corrupt,
      'engine.superseded': superseded,
      'engine.late': late,
      ...faults.totals(),
    };
  }
}

function fits(calibration: CameraCalibration, { width, height }: Frame): boolean {
  return calibration.imageWidth === width && calibration.imageHeight === height;
}
