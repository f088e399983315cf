import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createClassRows } from './class-rows.js';
import { boxAround, floatOutput, type DecodedModel } from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Decoder of the raw YOLOv8 and YOLO11 detection export: one output [1, 4 + C, N], rows centre x, centre y, width, height
 * in input pixels, then one probability row per class. Each position counts with its best class.
 */
export function createYoloV8Decoder(
  rules: Extract<Postprocess, { decoder: 'yolo-v8' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const rows = createClassRows(classes, rules.scoreFloor, rules.topK);
  return (outputs) => {
    const { data, dims } = floatOutput(outputs, rules.output, [1, 4 + classes, -1]);
    const positions = dims[2] ?? 0;
    const count = rows.collect(data, 4 * positions, positions);
    const found: Detection[] = [];
    for (let i = 0; i < count; i += 1) {
      const n = rows.candidates.keys[i] ?? 0;
      const at = (row: number): number => data[row * positions + n] ?? NaN;
      const classIndex = rows.classAt(n);
      found.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score: Math.min(rows.candidates.scores[i] ?? 0, 1),
        box: boxAround(at(0), at(1), at(2), at(3), model),
      });
    }
    return suppressOrdered(found, rules.nmsIou);
  };
}
