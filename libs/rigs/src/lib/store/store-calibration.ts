import type { CalibrationPoint, CameraCalibration, FloorPoint, FloorPolygon, Random } from '@edge-blueprints/contracts';
import { calibrateFloor } from '@edge-blueprints/vision';
import { projectPoint } from './scene/pinhole-camera.js';
import type { PinholeCamera } from './scene/scene.js';

/** How well somebody with a tape measures a mark on the floor, and how well its pixel is clicked. Standard deviations. */
const surveyM = 0.015;
const clickPx = 0.3;
const marks = 24;
const gridM = 0.4;
const borderShare = 0.04;

/**
 * A calibration as it would be made on site: marks on the free floor all over the picture, measured with a tape and
 * clicked. The true homography of the camera is not used.
 * @param freeAt whether a mark can lie there, nothing standing on it
 * @throws ConfigError `vision.calibration-points` for a camera that sees too little floor
 */
export function surveyCamera(
  camera: PinholeCamera,
  options: {
    readonly mount: CameraCalibration['mount'];
    readonly authority: FloorPolygon;
    readonly widthM: number;
    readonly depthM: number;
    readonly freeAt: (point: FloorPoint) => boolean;
    readonly random: Random;
    readonly calibratedAtEpochMs: number;
  },
): CameraCalibration {
  const { random } = options;
  const points = spread(visibleMarks(camera, options)).map(({ floor, pixel }): CalibrationPoint => {
    const off = (sd: number): number => sd * random.normal();
    return {
      pixel: [pixel[0] + off(clickPx), pixel[1] + off(clickPx)],
      floor: [floor[0] + off(surveyM), floor[1] + off(surveyM)],
    };
  });
  const { homography, heldOut } = calibrateFloor(points);
  return {
    format: 'edge-camera-calibration/1',
    camera: camera.id,
    imageWidth: camera.width,
    imageHeight: camera.height,
    mount: options.mount,
    heightM: camera.heightM,
    nadir: [camera.xM, camera.yM],
    points,
    homography,
    heldOut,
    authority: options.authority,
    calibratedAt: new Date(options.calibratedAtEpochMs).toISOString(),
  };
}

function visibleMarks(
  camera: PinholeCamera,
  {
    widthM,
    depthM,
    freeAt,
  }: { readonly widthM: number; readonly depthM: number; readonly freeAt: (point: FloorPoint) => boolean },
): CalibrationPoint[] {
  const border = borderShare * camera.width;
  const seen: CalibrationPoint[] = [];
  for (let y = gridM / 2; y < depthM; y += gridM)
    for (let x = gridM / 2; x < widthM; x += gridM) {
      const pixel = projectPoint(camera, [x, y, 0]);
      if (pixel === undefined || !freeAt([x, y])) continue;
      if (pixel.x < border || pixel.x > camera.width - border) continue;
      if (pixel.y < border || pixel.y > camera.height - border) continue;
      seen.push({ pixel: [pixel.x, pixel.y], floor: [x, y] });
    }
  return seen;
}

/** Each next mark is the one farthest from those already there, in the picture. */
function spread(candidates: readonly CalibrationPoint[]): readonly CalibrationPoint[] {
  const chosen: CalibrationPoint[] = candidates.slice(0, 1);
  const nearest = new Float64Array(candidates.length).fill(Infinity);
  while (chosen.length < Math.min(marks, candidates.length)) {
    const last = chosen[chosen.length - 1];
    let farthest = 0;
    candidates.forEach(({ pixel }, index) => {
      if (last === undefined) return;
      const away = Math.hypot(pixel[0] - last.pixel[0], pixel[1] - last.pixel[1]);
      nearest[index] = Math.min(nearest[index] ?? Infinity, away);
      if ((nearest[index] ?? 0) > (nearest[farthest] ?? 0)) farthest = index;
    });
    const next = candidates[farthest];
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}
