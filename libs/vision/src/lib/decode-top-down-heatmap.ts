import type { Detection, Keypoint, Tensors } from '@edge-blueprints/contracts';
import { floatOutput, malformed, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/** Heat maps are regressed, not squashed: a little beyond 0 to 1 is usual, far beyond is another kind of output. */
const heatRange = { low: -1, high: 2 } as const;

/**
 * Decoder of a pose model that looks at one person's crop: heat maps [1, K, h, w], one a keypoint. A keypoint lies at the
 * highest cell, moved a quarter of a cell towards its higher neighbour in x and in y, and has its heat as score. Gives one
 * detection: the crop as box, the mean heat as score. With the mapping of the crop its keypoints are pixels of the frame.
 * @see Xiao, Wu, Wei, Simple Baselines for Human Pose Estimation, arXiv 1804.06208, section 3
 */
export function createTopDownHeatmapDecoder(
  rules: Extract<Postprocess, { decoder: 'top-down-heatmap' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const keypoints = model.keypoints?.length ?? 0;
  const label = model.labels[0] ?? 'person';
  const box = { xMin: 0, yMin: 0, xMax: model.width, yMax: model.height };

  return (outputs) => {
    const { data, dims } = floatOutput(outputs, rules.output, [1, keypoints, -1, -1]);
    const [rows = 0, columns = 0] = dims.slice(2);
    const strideX = model.width / columns;
    const strideY = model.height / rows;
    const points = Array.from({ length: keypoints }, (_, k): Keypoint => {
      const plane = data.subarray(k * rows * columns, (k + 1) * rows * columns);
      const peak = peakOf(plane, k);
      const column = peak % columns;
      const row = (peak - column) / columns;
      const left = plane[peak - 1] ?? 0;
      const right = plane[peak + 1] ?? 0;
      const above = plane[peak - columns] ?? 0;
      const below = plane[peak + columns] ?? 0;
      const shiftX = column > 0 && column < columns - 1 ? Math.sign(right - left) / 4 : 0;
      const shiftY = row > 0 && row < rows - 1 ? Math.sign(below - above) / 4 : 0;
      return { x: (column + shiftX) * strideX, y: (row + shiftY) * strideY, score: clampScore(plane[peak] ?? 0) };
    });
    const score = points.reduce((sum, point) => sum + point.score, 0) / Math.max(keypoints, 1);
    if (score < rules.scoreFloor) return [];
    return [{ label, classIndex: 0, score, box, keypoints: points }];
  };
}

function peakOf(plane: Float32Array, keypoint: number): number {
  let peak = 0;
  for (let i = 0; i < plane.length; i += 1) {
    const value = plane[i] ?? NaN;
    if (!(value >= heatRange.low && value <= heatRange.high))
      throw malformed(`heat ${value} of keypoint ${keypoint} in cell ${i} is not about 0 to 1`);
    if (value > (plane[peak] ?? 0)) peak = i;
  }
  return peak;
}

function clampScore(score: number): number {
  return Math.min(Math.max(score, 0), 1);
}
