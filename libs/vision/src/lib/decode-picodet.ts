import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createClassRows } from './class-rows.js';
import { boxWithin, floatOutput, type DecodedModel } from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Decoder of the PicoDet export without suppression: `boxes` [1, N, 4] xMin, yMin, xMax, yMax in input pixels and `scores`
 * [1, C, N] probabilities. Each position counts with its best class.
 * @see Yu et al., PP-PicoDet, arXiv 2111.00902
 */
export function createPicodetDecoder(
  rules: Extract<Postprocess, { decoder: 'picodet' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const rows = createClassRows(classes, rules.scoreFloor, rules.topK);
  return (outputs) => {
    const scores = floatOutput(outputs, rules.scores, [1, classes, -1]);
    const positions = scores.dims[2] ?? 0;
    const boxes = floatOutput(outputs, rules.boxes, [1, positions, 4]).data;
    const count = rows.collect(scores.data, 0, positions);
    const found: Detection[] = [];
    for (let i = 0; i < count; i += 1) {
      const n = rows.candidates.keys[i] ?? 0;
      const edge = (index: number): number => boxes[4 * n + index] ?? NaN;
      const classIndex = rows.classAt(n);
      found.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score: Math.min(rows.candidates.scores[i] ?? 0, 1),
        box: boxWithin(edge(0), edge(1), edge(2), edge(3), model),
      });
    }
    return suppressOrdered(found, rules.nmsIou);
  };
}
