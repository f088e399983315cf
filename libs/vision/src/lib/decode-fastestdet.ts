import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import {
  boxAround,
  floatOutput,
  isProbability,
  malformedScore,
  scoreSlack,
  type DecodedModel,
} from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';

/** How much objectness and class count in the score, as FastestDet was tuned. */
const objectnessPower = 0.6;
const classPower = 0.4;

/**
 * Decoder of FastestDet: one output [1, 5 + C, h, w] with the planes objectness, tx, ty, tw, th and C class probabilities.
 * score = objectness^0.6 class^0.4; centre = (cell + tanh t) / map size, size = sigmoid t, as shares of the input.
 * @see https://github.com/dog-qiuqiu/FastestDet
 */
export function createFastestdetDecoder(
  rules: Extract<Postprocess, { decoder: 'fastestdet' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const floor = Math.fround(rules.scoreFloor);
  const candidates = createCandidateHeap(rules.topK);

  return (outputs) => {
    const { data, dims } = floatOutput(outputs, rules.output, [1, 5 + classes, -1, -1]);
    const [rows = 0, columns = 0] = dims.slice(2);
    const count = rows * columns;
    const classOf = (cell: number): { readonly classIndex: number; readonly probability: number } => {
      let classIndex = 0;
      let probability = -Infinity;
      for (let c = 0; c < classes; c += 1) {
        const key = (5 + c) * count + cell;
        const value = data[key] ?? NaN;
        if (!isProbability(value)) throw malformedScore(value, key);
        if (value > probability) [classIndex, probability] = [c, value];
      }
      return { classIndex, probability: Math.max(probability, 0) };
    };
    candidates.clear();
    for (let cell = 0; cell < count; cell += 1) {
      const objectness = data[cell] ?? NaN;
      if (!isProbability(objectness)) throw malformedScore(objectness, cell);
      const share = Math.max(objectness, 0) ** objectnessPower;
      // A class probability cannot lift the score above this.
      if (share * (1 + scoreSlack) < floor) continue;
      const score = share * classOf(cell).probability ** classPower;
      if (score >= floor) candidates.offer(score, cell);
    }
    const found: Detection[] = [];
    const kept = candidates.sort();
    for (let i = 0; i < kept; i += 1) {
      const cell = candidates.keys[i] ?? 0;
      const plane = (index: number): number => data[index * count + cell] ?? NaN;
      const column = cell % columns;
      const { classIndex } = classOf(cell);
      found.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score: Math.min(candidates.scores[i] ?? 0, 1),
        box: boxAround(
          ((column + Math.tanh(plane(1))) / columns) * model.width,
          (((cell - column) / columns + Math.tanh(plane(2))) / rows) * model.height,
          sigmoid(plane(3)) * model.width,
          sigmoid(plane(4)) * model.height,
          model,
        ),
      });
    }
    return suppressOrdered(found, rules.nmsIou);
  };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
