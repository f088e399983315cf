import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import { boxWithin, floatOutput, isProbability, malformedScore, type DecodedModel } from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';
import { scanScores } from './score-scan.js';

/**
 * Decoder of our own detectors: `scores` [1, C, H/stride, W/stride] probabilities and `boxes` [1, 4, H/stride, W/stride],
 * distances left, top, right, bottom in pixels from the cell centre ((x + 0.5) stride, (y + 0.5) stride).
 */
export function createCentreLtrbDecoder(
  rules: Extract<Postprocess, { decoder: 'centre-ltrb' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const columns = Math.floor(model.width / rules.stride);
  const rows = Math.floor(model.height / rules.stride);
  const cells = columns * rows;
  const floor = Math.fround(rules.scoreFloor);
  const candidates = createCandidateHeap(rules.topK);

  const detection = (score: number, key: number, boxes: Float32Array): Detection => {
    const classIndex = Math.floor(key / cells);
    const cell = key - classIndex * cells;
    const y = Math.floor(cell / columns);
    const centreX = (cell - y * columns + 0.5) * rules.stride;
    const centreY = (y + 0.5) * rules.stride;
    return {
      label: model.labels[classIndex] ?? '',
      classIndex,
      score: Math.min(score, 1),
      box: boxWithin(
        centreX - (boxes[cell] ?? NaN),
        centreY - (boxes[cells + cell] ?? NaN),
        centreX + (boxes[2 * cells + cell] ?? NaN),
        centreY + (boxes[3 * cells + cell] ?? NaN),
        model,
      ),
    };
  };

  return (outputs) => {
    const scores = floatOutput(outputs, rules.scores, [1, model.labels.length, rows, columns]).data;
    const boxes = floatOutput(outputs, rules.boxes, [1, 4, rows, columns]).data;
    candidates.clear();
    const scan = scanScores(scores, floor);
    for (let key = scan.next(0, scores.length); key < scores.length; key = scan.next(key + 1, scores.length)) {
      const score = scores[key] ?? NaN;
      if (!isProbability(score)) throw malformedScore(score, key);
      if (score >= floor) candidates.offer(score, key);
    }
    const found: Detection[] = [];
    const count = candidates.sort();
    for (let i = 0; i < count; i += 1) found.push(detection(candidates.scores[i] ?? 0, candidates.keys[i] ?? 0, boxes));
    return suppressOrdered(found, rules.nmsIou);
  };
}
