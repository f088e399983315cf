import type { StoreCameraView } from '@edge-blueprints/contracts';

export interface CameraSituation {
  readonly connected: boolean;
  readonly calibrated: boolean;
  readonly moved: boolean;
  /** Why there are no pictures, where the source says so. */
  readonly trouble: string;
  /** Frames looked at, a second. */
  readonly framesPerS: number;
  /** Pictures that the camera sends, a second. */
  readonly arrivingPerS: number;
  readonly floorFramesPerS: number;
  /** Since the first connection, ms: rates mean nothing at once. */
  readonly upMs: number;
  /** Since the last picture, ms; undefined before the first. */
  readonly silentMs: number | undefined;
}

/** A camera that says it is connected but sends nothing for so long is lost, ms. */
const silentLimitMs = 5_000;
/** Rates are judged after so long, ms. */
const settleMs = 6_000;
/** A rate this far below the floor is below it: the measure counts whole frames. */
const slack = 0.95;

/** What a person must know of a camera, the gravest first. */
export function cameraCondition(now: CameraSituation): Pick<StoreCameraView, 'state' | 'detail'> {
  const { floorFramesPerS, framesPerS, arrivingPerS } = now;
  if (!now.connected)
    return { state: 'lost', detail: now.trouble === '' ? 'Not connected. What it watches is unknown.' : now.trouble };
  if (now.silentMs !== undefined && now.silentMs > silentLimitMs)
    return {
      state: 'lost',
      detail: `No picture for ${Math.round(now.silentMs / 1_000)} s. What it watches is unknown.`,
    };
  if (!now.calibrated)
    return { state: 'uncalibrated', detail: 'No calibration: it is looked at, and nothing is counted.' };
  if (now.moved)
    return {
      state: 'moved',
      detail: 'It looks elsewhere than when it was calibrated. Its zones are suspended; calibrate it again.',
    };
  if (now.upMs > settleMs && framesPerS < floorFramesPerS * slack) {
    const cause =
      arrivingPerS < floorFramesPerS * slack
        ? `It sends ${arrivingPerS.toFixed(1)} pictures a second`
        : `This node looks at ${framesPerS.toFixed(1)} of its ${arrivingPerS.toFixed(1)} pictures a second`;
    return { state: 'slow', detail: `${cause}, ${floorFramesPerS} are needed. Its figures are degraded.` };
  }
  return { state: 'seeing', detail: '' };
}
