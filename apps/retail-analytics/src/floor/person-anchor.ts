import type { Box, CameraCalibration, FloorPoint, Keypoint } from '@edge-blueprints/contracts';
import type { Stature } from './stature.js';
import { createUprightCamera } from './upright-camera.js';

/** Where a person stands, with the standard deviation of that. */
export interface Anchor {
  readonly floor: FloorPoint;
  readonly sigmaM: number;
  /** What weighs most in it. */
  readonly by: 'ankles' | 'body' | 'head' | 'box';
  /** Height of the person that this moment suggests, where head and ankles are seen. */
  readonly stature?: { readonly metres: number; readonly sigmaM: number };
}

/** Keypoints of a lower score are not believed. */
const minScore = 0.3;
/** A box that ends so near to the border of the picture is cut there, pixels. */
const borderPx = 2;
/** Standard deviation of a keypoint, and of an edge of a box, as shares of the diagonal of the box. */
const keypointSigma = 0.025;
const edgeSigma = 0.04;

/**
 * Parts of the body: how high they are as a share of the stature, how far that is off, metres, and how far the part lies
 * beside the middle of the body, metres, where both sides are seen and where only one is.
 */
const parts = [
  { by: 'ankles', names: ['left_ankle', 'right_ankle'], share: 0.05, heightSigmaM: 0.03, asideM: 0.05, oneM: 0.16 },
  { by: 'body', names: ['left_knee', 'right_knee'], share: 0.28, heightSigmaM: 0.05, asideM: 0.08, oneM: 0.16 },
  { by: 'body', names: ['left_hip', 'right_hip'], share: 0.52, heightSigmaM: 0.08, asideM: 0.06, oneM: 0.14 },
  { by: 'body', names: ['left_shoulder', 'right_shoulder'], share: 0.82, heightSigmaM: 0.09, asideM: 0.08, oneM: 0.2 },
  { by: 'head', names: ['head'], share: 0.93, heightSigmaM: 0.07, asideM: 0.08, oneM: 0.08 },
] as const;
/** Models without a point for the head have these. */
const faceNames = ['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear'];

type Pixel = readonly [x: number, y: number];
interface Estimate {
  readonly floor: FloorPoint;
  readonly sigmaM: number;
  readonly by: Anchor['by'];
}

/**
 * Place on the floor of people of one camera. Every part of the body that is seen is brought down to the floor from its
 * height, and the places are weighed by how sure they are: near ankles decide, under an overhead camera head and shoulders,
 * behind a shelf whatever looks out. Without keypoints the box decides.
 */
export function createAnchorer(
  calibration: CameraCalibration,
  keypointNames: readonly string[],
): (box: Box, keypoints: readonly Keypoint[] | undefined, stature: Stature) => Anchor | undefined {
  const camera = createUprightCamera(calibration);
  const isOverhead = calibration.mount === 'overhead';
  const places = parts.map((part) => {
    const named: readonly string[] = part.by === 'head' && !keypointNames.includes('head') ? faceNames : part.names;
    return { ...part, indices: named.map((name) => keypointNames.indexOf(name)).filter((i) => i >= 0) };
  });

  const estimate = (
    part: (typeof places)[number],
    keypoints: readonly Keypoint[],
    sigmaPx: number,
    stature: Stature,
  ) => {
    const seen = part.indices.flatMap((i) => {
      const point = keypoints[i];
      return point && point.score >= minScore ? [point] : [];
    });
    if (seen.length === 0) return undefined;
    const pixel: Pixel = [
      seen.reduce((s, p) => s + p.x, 0) / seen.length,
      seen.reduce((s, p) => s + p.y, 0) / seen.length,
    ];
    const heightM = part.share * stature.metres;
    const floor = camera.down(pixel, heightM);
    if (!floor) return undefined;
    const heightSigma = Math.hypot(part.heightSigmaM, part.share * stature.sigmaM) * camera.metresPerHeight(pixel);
    const pixelSigma = (sigmaPx * camera.metresPerPx(pixel, heightM)) / Math.sqrt(seen.length);
    const aside = seen.length > 1 ? part.asideM : part.oneM;
    return { floor, sigmaM: Math.hypot(heightSigma, pixelSigma, aside), by: part.by, pixel };
  };

  const byBox = (box: Box, sigmaPx: number, stature: Stature): Estimate | undefined => {
    const isCut =
      box.yMax >= calibration.imageHeight - borderPx ||
      box.xMin <= borderPx ||
      box.xMax >= calibration.imageWidth - borderPx ||
      (isOverhead && box.yMin <= borderPx);
    const floor = camera.underBox(box, stature.metres, isOverhead ? 'middle' : 'bottom');
    if (!floor) return undefined;
    const perPx = camera.metresPerPx([(box.xMin + box.xMax) / 2, box.yMax], 0);
    return { floor, sigmaM: Math.hypot(isCut ? 0.6 : 0.12, sigmaPx * perPx), by: 'box' };
  };

  const suggested = (head: Pixel, ankles: Pixel): Anchor['stature'] | undefined => {
    const [{ nadir, heightM }, up, down] = [calibration, camera.down(head, 0), camera.down(ankles, 0)];
    if (!up || !down) return undefined;
    const [hx, hy, fx, fy] = [up[0] - nadir[0], up[1] - nadir[1], down[0] - nadir[0], down[1] - nadir[1]];
    const far = Math.hypot(hx, hy);
    // Right under the lens head and feet lie on one another, whatever the height.
    if (far < 0.8) return undefined;
    const headM = heightM - ((hx * fx + hy * fy) / (far * far)) * (heightM - ankleM);
    return { metres: Math.min(2.05, Math.max(0.7, headM / headShare)), sigmaM: (heightM * leanM) / far };
  };

  return (box, keypoints, stature) => {
    const diagonal = Math.hypot(box.xMax - box.xMin, box.yMax - box.yMin);
    const sigmaPx = Math.max(1, keypointSigma * diagonal);
    const found = keypoints ? places.flatMap((part) => estimate(part, keypoints, sigmaPx, stature) ?? []) : [];
    const head = found.find((e) => e.by === 'head');
    const ankles = found.find((e) => e.by === 'ankles');
    const told = head && ankles ? suggested(head.pixel, ankles.pixel) : undefined;
    const box2 = ankles ? undefined : byBox(box, Math.max(1.5, edgeSigma * diagonal), stature);
    const anchor = weighed(box2 ? [...found, box2] : found);
    return anchor && (told ? { ...anchor, stature: told } : anchor);
  };
}

const ankleM = 0.08;
const headShare = 0.93;
/** Walkers lean: the head is so far from over the ankles. */
const leanM = 0.1;

/** Mean by inverse variances. The parts of one body do not err independently, so it is never surer than 4 cm. */
function weighed(estimates: readonly Estimate[]): Estimate | undefined {
  const usable = estimates.filter((e) => Number.isFinite(e.sigmaM) && Number.isFinite(e.floor[0] + e.floor[1]));
  const best = usable.reduce<Estimate | undefined>((a, b) => (a && a.sigmaM <= b.sigmaM ? a : b), undefined);
  if (!best) return undefined;
  let [x, y, sum] = [0, 0, 0];
  for (const { floor, sigmaM } of usable) {
    const weight = 1 / (sigmaM * sigmaM);
    x += weight * floor[0];
    y += weight * floor[1];
    sum += weight;
  }
  return { floor: [x / sum, y / sum], sigmaM: Math.max(0.04, 1 / Math.sqrt(sum)), by: best.by };
}
