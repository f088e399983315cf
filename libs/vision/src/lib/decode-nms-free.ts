import type { Detection, Tensors } from '@edge-blueprints/contracts';
import {
  boxWithin,
  floatOutput,
  isProbability,
  malformed,
  malformedScore,
  readKeypoints,
  type DecodedModel,
} from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Decoder of exports whose graph already chose the boxes (YOLOv10, YOLO26, exports with `nms=True`): one output
 * [1, N, 6 + 3K], rows xMin, yMin, xMax, yMax in input pixels, score, class index, then x, y, probability of each of K
 * keypoints. Unused rows have score 0.
 */
export function createNmsFreeDecoder(
  rules: Extract<Postprocess, { decoder: 'nms-free' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const floor = Math.fround(rules.scoreFloor);
  const keypoints = model.keypoints?.length ?? 0;
  const rowLength = 6 + 3 * keypoints;
  return (outputs) => {
    const { data, dims } = floatOutput(outputs, rules.output, [1, -1, rowLength]);
    const found: Detection[] = [];
    for (let at = 0; at < (dims[1] ?? 0) * rowLength; at += rowLength) {
      const score = data[at + 4] ?? NaN;
      if (!isProbability(score)) throw malformedScore(score, at + 4);
      if (score < floor) continue;
      const classIndex = data[at + 5] ?? NaN;
      const label = model.labels[classIndex];
      if (label === undefined)
        throw malformed(`class ${classIndex} in row ${at / rowLength}, the bundle has ${model.labels.length} labels`);
      const box = boxWithin(data[at] ?? NaN, data[at + 1] ?? NaN, data[at + 2] ?? NaN, data[at + 3] ?? NaN, model);
      found.push({
        ...{ label, classIndex, score: Math.min(score, 1), box },
        ...(keypoints === 0 ? {} : { keypoints: readKeypoints(data, at + 6, 1, keypoints) }),
      });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, rules.topK);
  };
}
