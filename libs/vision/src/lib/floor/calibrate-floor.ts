import { ConfigError, type CalibrationPoint } from '@edge-blueprints/contracts';
import { fitHomography, type Pair } from './fit-homography.js';
import { project, type Homography } from './homography.js';

/** Above this held-out 95th percentile a camera must not count: its zones would be off by more than a step. */
export const calibrationGateM = 0.3;

export interface FloorCalibration {
  /** Row-major 3x3, pixel to floor metres; unit length, positive scale on the seen floor. */
  readonly homography: number[];
  /** Each point predicted from the others, metres. Median and 95th percentile, linear interpolation. */
  readonly heldOut: { readonly medianM: number; readonly p95M: number };
  /** Held-out error of each point, in the order given, metres. */
  readonly heldOutM: readonly number[];
  /** Distance of each point from where the fit puts it, in the order given, metres. */
  readonly residualsM: readonly number[];
}

/**
 * Pixels to floor metres from clicked pairs: normalised direct linear transform, then Levenberg-Marquardt on the metres.
 * Eight or more well spread points give centimetres. From four points no point can be checked by a homography of the
 * others; the held-out errors are then those of the affine map of the other three, too large for any oblique camera.
 * @throws ConfigError `vision.calibration-points` listing every problem of the points
 */
export function calibrateFloor(points: readonly CalibrationPoint[]): FloorCalibration {
  const problems = problemsOf(points);
  const pairs = points.map(({ pixel, floor }): Pair => [
    [pixel[0], pixel[1]],
    [floor[0], floor[1]],
  ]);
  const homography = problems.length === 0 ? fitHomography(pairs) : undefined;
  if (problems.length === 0 && !homography) {
    problems.push('three of every four points lie on a line: add points beside that line');
  }
  if (homography) {
    pairs.forEach(([pixel], i) => {
      if (project(homography, pixel)) return;
      problems.push(`point ${i + 1} would lie behind the horizon: a pixel or its metres belong to another point`);
    });
  }
  if (problems.length > 0 || !homography) {
    throw new ConfigError('vision.calibration-points', `These points give no floor:\n  ${problems.join('\n  ')}`, {
      context: { problems: problems.length, points: points.length },
    });
  }
  const heldOutM = pairs.map((pair, i) => heldOutError(pairs.toSpliced(i, 1), pair, homography));
  return {
    homography,
    heldOut: { medianM: quantile(heldOutM, 0.5), p95M: quantile(heldOutM, 0.95) },
    heldOutM,
    residualsM: pairs.map((pair) => errorM(homography, pair)),
  };
}

/** Linear interpolation between the ranks, as numpy's default. 0 for an empty list. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

function heldOutError(others: readonly Pair[], pair: Pair, whole: Homography): number {
  const fitted = fitHomography(others, whole) ?? affineOf(others);
  return Math.min(fitted ? errorM(fitted, pair) : extentM([...others, pair]), extentM([...others, pair]));
}

/** Where a point falls behind the horizon the error has no value; the whole extent of the points stands for it. */
function errorM(homography: Homography, [pixel, floor]: Pair): number {
  const at = project(homography, pixel);
  return at ? Math.hypot(at[0] - floor[0], at[1] - floor[1]) : Number.MAX_VALUE;
}

function extentM(pairs: readonly Pair[]): number {
  const xs = pairs.map((pair) => pair[1][0]);
  const ys = pairs.map((pair) => pair[1][1]);
  return Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

/** Affine map through the first three points; undefined where they lie on a line. */
function affineOf(pairs: readonly Pair[]): number[] | undefined {
  const [a, b, c] = pairs;
  if (!a || !b || !c) return undefined;
  const [bx, by, cx, cy] = [b[0][0] - a[0][0], b[0][1] - a[0][1], c[0][0] - a[0][0], c[0][1] - a[0][1]];
  const determinant = bx * cy - by * cx;
  if (Math.abs(determinant) < 1e-9) return undefined;
  const row = (k: 0 | 1): readonly [number, number, number] => {
    const p = ((b[1][k] - a[1][k]) * cy - (c[1][k] - a[1][k]) * by) / determinant;
    const q = ((c[1][k] - a[1][k]) * bx - (b[1][k] - a[1][k]) * cx) / determinant;
    return [p, q, a[1][k] - p * a[0][0] - q * a[0][1]];
  };
  return [...row(0), ...row(1), 0, 0, 1];
}

function problemsOf(points: readonly CalibrationPoint[]): string[] {
  const problems: string[] = [];
  if (points.length < 4)
    problems.push(`${points.length} points: at least 4 are needed, 8 well spread ones are advised`);
  points.forEach(({ pixel, floor }, i) => {
    if (![...pixel, ...floor].every(Number.isFinite)) problems.push(`point ${i + 1} holds a value that is no number`);
    const same = points.findIndex(
      (p, j) =>
        j < i &&
        ((p.pixel[0] === pixel[0] && p.pixel[1] === pixel[1]) || (p.floor[0] === floor[0] && p.floor[1] === floor[1])),
    );
    if (same >= 0) problems.push(`point ${i + 1} repeats point ${same + 1}: each needs its own pixel and place`);
  });
  if (problems.length > 0) return problems;
  if (isLine(points.map((p) => p.pixel))) problems.push('all pixels lie on one line: spread them over the picture');
  if (isLine(points.map((p) => p.floor))) problems.push('all places lie on one line: spread them over the floor');
  return problems;
}

/** Narrower than a hundredth of its length. */
function isLine(points: readonly (readonly [number, number])[]): boolean {
  const x = points.reduce((s, p) => s + p[0], 0) / points.length;
  const y = points.reduce((s, p) => s + p[1], 0) / points.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (const p of points) {
    xx += (p[0] - x) ** 2;
    xy += (p[0] - x) * (p[1] - y);
    yy += (p[1] - y) ** 2;
  }
  const half = (xx + yy) / 2;
  const root = Math.hypot((xx - yy) / 2, xy);
  return Math.max(0, half - root) < 1e-4 * (half + root);
}
