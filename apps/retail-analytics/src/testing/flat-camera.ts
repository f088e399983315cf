import type { CameraCalibration, FloorPoint, Keypoint, StorePlan } from '@edge-blueprints/contracts';
import { calibrateFloor } from '@edge-blueprints/vision';
import type { TrackedPerson } from '../floor/floor-port.js';

/** A plan without anything, 8 x 6 m. */
export const emptyPlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Test',
  widthM: 8,
  depthM: 6,
  fixtures: [],
  zones: [],
  lines: [],
  queues: [],
  staffAreas: [],
  masks: [],
};

const perM = 50;
const rectangle = (x0: number, y0: number, x1: number, y1: number): FloorPoint[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** A camera that looks straight down from so high that only its scale matters; `offsetM` puts its floor beside the true one. */
export function flatCamera(
  camera: string,
  authority: readonly [number, number, number, number],
  offsetM = 0,
): CameraCalibration {
  const places: FloorPoint[] = [0, 2, 4, 6, 8].flatMap((x) => [1, 3, 5].map((y): FloorPoint => [x, y]));
  const points = places.map(([x, y]) => ({
    pixel: [x * perM + 100, y * perM + 100] satisfies [number, number],
    floor: [x + offsetM, y] satisfies [number, number],
  }));
  const { homography, heldOut } = calibrateFloor(points);
  return {
    format: 'edge-camera-calibration/1',
    camera,
    imageWidth: 640,
    imageHeight: 480,
    mount: 'oblique',
    heightM: 20,
    nadir: [4, 3],
    points,
    homography,
    heldOut,
    authority: rectangle(...authority).map(([x, y]): [number, number] => [x, y]),
    calibratedAt: '2026-01-01T00:00:00Z',
  };
}

/** A person whose feet the camera sees at this place. */
export function trackAt(id: number, [x, y]: FloorPoint, keypoints?: readonly Keypoint[]): TrackedPerson {
  const box = { xMin: x * perM + 90, xMax: x * perM + 110, yMin: y * perM + 60, yMax: y * perM + 100 };
  const detection = { label: 'person', classIndex: 0, score: 0.9, box };
  return {
    id,
    box,
    detection: keypoints ? { ...detection, keypoints } : detection,
    confirmed: true,
    predicted: false,
  };
}
