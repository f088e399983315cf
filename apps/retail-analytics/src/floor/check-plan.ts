import { ConfigError, type CameraCalibration, type FloorPoint, type StorePlan } from '@edge-blueprints/contracts';
import {
  calibrationGateM,
  calibrateFloor,
  isInPolygon,
  isSelfIntersecting,
  pixelToFloor,
  polygonAreaM2,
  sharedAreaM2,
} from '@edge-blueprints/vision';

/** Corners may lie this far outside of the floor: drawn by hand along the wall. */
const slackM = 0.05;
const smallestAreaM2 = 0.1;
const shortestLineM = 0.3;
/** Authorities that touch may overlap by rounding. */
const sharedSlackM2 = 0.01;

/**
 * What the schema cannot say about a plan: borders that cross themselves, areas outside of the floor, names used twice.
 * @throws ConfigError `retail.plan` that lists every problem with file and field
 */
export function checkStorePlan(plan: StorePlan, file: string): void {
  const problems = [
    ...repeated('zones', plan.zones),
    ...repeated('lines', plan.lines),
    ...repeated('queues', plan.queues),
    ...plan.fixtures.flatMap((f, i) => shapeProblems(`fixtures[${i}] ${f.id}`, f.polygon)),
    ...plan.zones.flatMap((z, i) => areaProblems(plan, `zones[${i}] ${z.id}`, z.polygon)),
    ...plan.staffAreas.flatMap((polygon, i) => areaProblems(plan, `staffAreas[${i}]`, polygon)),
    ...plan.masks.flatMap((polygon, i) => shapeProblems(`masks[${i}]`, polygon)),
    ...plan.queues.flatMap((q, i) => [
      ...areaProblems(plan, `queues[${i}] ${q.id}`, q.area),
      ...(isInPolygon(q.area, q.servicePoint)
        ? []
        : [`queues[${i}] ${q.id}: its service point ${shown(q.servicePoint)} lies outside of its area`]),
    ]),
    ...plan.lines.flatMap((line, i) => [
      ...[line.from, line.to]
        .filter((point) => !isOnFloor(plan, point))
        .map((point) => `lines[${i}] ${line.id}: ${shown(point)} lies outside of the floor`),
      ...(Math.hypot(line.to[0] - line.from[0], line.to[1] - line.from[1]) < shortestLineM
        ? [`lines[${i}] ${line.id}: is shorter than ${shortestLineM} m`]
        : []),
    ]),
  ];
  refuse('retail.plan', `The plan ${file} cannot be measured by`, problems);
}

export interface CalibrationFile {
  readonly file: string;
  readonly calibration: CameraCalibration;
}

/**
 * Whether these cameras may count on this floor: every floor point has one authority at most, and the clicked points say
 * that places are right within the gate.
 * @throws ConfigError `retail.calibration` that lists every problem with file and field
 */
export function checkCalibrations(calibrations: readonly CalibrationFile[]): void {
  const problems = calibrations.flatMap(({ file, calibration }, i) => [
    ...shapeProblems(`${file}: authority`, calibration.authority),
    ...fitProblems(file, calibration),
    ...calibrations.slice(0, i).flatMap((other) => {
      if (other.calibration.camera === calibration.camera) {
        return [`${file}: camera ${calibration.camera} is calibrated by ${other.file} already`];
      }
      const shared = sharedAreaM2(calibration.authority, other.calibration.authority);
      if (shared <= sharedSlackM2) return [];
      return [
        `${file}: authority shares ${shared.toFixed(2)} m2 with that of ${other.calibration.camera} (${other.file}); ` +
          'a person there would count twice. Draw them side by side',
      ];
    }),
  ]);
  refuse('retail.calibration', 'These cameras cannot count', problems);
}

function fitProblems(file: string, calibration: CameraCalibration): string[] {
  try {
    const { heldOut } = calibrateFloor(calibration.points);
    if (heldOut.p95M > calibrationGateM) {
      return [
        `${file}: points: held-out error p95 is ${(heldOut.p95M * 100).toFixed(0)} cm, ` +
          `the limit is ${(calibrationGateM * 100).toFixed(0)} cm. Click more points, spread over the floor`,
      ];
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [`${file}: points: ${error.message}`];
  }
  const worst = Math.max(
    ...calibration.points.map(({ pixel, floor }) => {
      const at = pixelToFloor(calibration.homography, pixel);
      return at ? Math.hypot(at[0] - floor[0], at[1] - floor[1]) : Number.POSITIVE_INFINITY;
    }),
  );
  return worst <= 2 * calibrationGateM
    ? []
    : [`${file}: homography: puts one of its own points ${worst.toFixed(2)} m away. Save the calibration again`];
}

function repeated(field: string, items: readonly { readonly id: string }[]): string[] {
  return items
    .filter(({ id }, i) => items.findIndex((other) => other.id === id) < i)
    .map(({ id }) => `${field}: the id ${id} is used twice`);
}

function areaProblems(plan: StorePlan, field: string, polygon: readonly FloorPoint[]): string[] {
  return [
    ...shapeProblems(field, polygon),
    ...polygon
      .filter((point) => !isOnFloor(plan, point))
      .map(
        (point) => `${field}: corner ${shown(point)} lies outside of the floor of ${plan.widthM} x ${plan.depthM} m`,
      ),
  ];
}

function shapeProblems(field: string, polygon: readonly FloorPoint[]): string[] {
  if (polygon.length < 3) return [`${field}: has ${polygon.length} corners, at least 3 are needed`];
  if (isSelfIntersecting(polygon)) return [`${field}: its border crosses or touches itself`];
  // Fixtures such as mirrors may be thin; what has no area at all has no inside.
  const limit = field.startsWith('fixtures') ? 0 : smallestAreaM2;
  return polygonAreaM2(polygon) > limit ? [] : [`${field}: is smaller than ${limit} m2`];
}

function isOnFloor(plan: StorePlan, [x, y]: FloorPoint): boolean {
  return x >= -slackM && y >= -slackM && x <= plan.widthM + slackM && y <= plan.depthM + slackM;
}

function shown([x, y]: FloorPoint): string {
  return `(${x}, ${y})`;
}

function refuse(code: string, sentence: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new ConfigError(code, `${sentence}:\n  ${problems.join('\n  ')}`, { context: { problems: problems.length } });
}
