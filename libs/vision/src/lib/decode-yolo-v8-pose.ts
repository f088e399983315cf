import type { Detection, Keypoint, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import {
  boxAround,
  floatOutput,
  isProbability,
  malformedScore,
  readKeypoints,
  type DecodedModel,
} from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Decoder of the YOLOv8-pose and YOLO11-pose export: one output [1, 4 + C + 3K, N], or [1, N, 4 + C + 3K] when transposed:
 * centre x, centre y, width, height in input pixels, C class probabilities (one for people), then x, y, probability of each
 * of K keypoints. Keypoints are read only for people that survive suppression.
 */
export function createYoloV8PoseDecoder(
  rules: Extract<Postprocess, { decoder: 'yolo-v8-pose' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const keypoints = model.keypoints?.length ?? 0;
  const values = 4 + classes + 3 * keypoints;
  const floor = Math.fround(rules.scoreFloor);
  const candidates = createCandidateHeap(rules.topK);

  return (outputs) => {
    const dims = rules.transposed ? [1, -1, values] : [1, values, -1];
    const output = floatOutput(outputs, rules.output, dims);
    const { data } = output;
    const positions = output.dims[rules.transposed ? 1 : 2] ?? 0;
    // Where value v of position n lies: n * alongPositions + v * alongValues.
    const alongPositions = rules.transposed ? values : 1;
    const alongValues = rules.transposed ? 1 : positions;

    const classOf = (n: number): { readonly classIndex: number; readonly score: number } => {
      let classIndex = 0;
      let score = -Infinity;
      for (let c = 0; c < classes; c += 1) {
        const key = n * alongPositions + (4 + c) * alongValues;
        const probability = data[key] ?? NaN;
        if (!isProbability(probability)) throw malformedScore(probability, key);
        if (probability > score) [classIndex, score] = [c, probability];
      }
      return { classIndex, score };
    };
    candidates.clear();
    for (let n = 0; n < positions; n += 1) {
      const { score } = classOf(n);
      if (score >= floor) candidates.offer(score, n);
    }
    const found: (Detection & { readonly n: number })[] = [];
    const count = candidates.sort();
    for (let i = 0; i < count; i += 1) {
      const n = candidates.keys[i] ?? 0;
      const at = (value: number): number => data[n * alongPositions + value * alongValues] ?? NaN;
      const { classIndex, score } = classOf(n);
      const box = boxAround(at(0), at(1), at(2), at(3), model);
      found.push({ label: model.labels[classIndex] ?? '', classIndex, score: Math.min(score, 1), box, n });
    }
    return suppressOrdered(found, rules.nmsIou).map(({ n, ...person }) => {
      const from = n * alongPositions + (4 + classes) * alongValues;
      const points: readonly Keypoint[] = readKeypoints(data, from, alongValues, keypoints);
      return { ...person, keypoints: points };
    });
  };
}
