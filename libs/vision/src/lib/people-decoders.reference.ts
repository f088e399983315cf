import type { Box, Detection, Keypoint, Tensors } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from './intersection-over-union.js';
import { boxWithin, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

// The definitions of the people decoders read word for word, one position after the other. Specs hold the decoders against
// them.

type Rules<D extends Postprocess['decoder']> = Extract<Postprocess, { decoder: D }>;

interface Candidate {
  readonly box: Box;
  readonly score: number;
  readonly classIndex: number;
  readonly keypoints?: readonly Keypoint[];
}

export function decodeYoloV8PoseReference(
  outputs: Tensors,
  rules: Rules<'yolo-v8-pose'>,
  model: DecodedModel,
): Detection[] {
  const [output] = Object.values(outputs);
  const classes = model.labels.length;
  const points = model.keypoints?.length ?? 0;
  const values = 4 + classes + 3 * points;
  const positions = (output?.data.length ?? 0) / values;
  const candidates = Array.from({ length: positions }, (_, n): Candidate => {
    const at = (v: number): number => Number(output?.data[rules.transposed ? n * values + v : v * positions + n]);
    const shares = model.labels.map((_label, c) => at(4 + c));
    const score = Math.max(...shares);
    return {
      box: boxOf(at(0), at(1), at(2), at(3), model),
      score,
      classIndex: shares.indexOf(score),
      keypoints: Array.from({ length: points }, (_point, k) => {
        const from = 4 + classes + 3 * k;
        return { x: at(from), y: at(from + 1), score: at(from + 2) };
      }),
    };
  });
  return chosen(candidates, rules, model);
}

export function decodePicodetReference(outputs: Tensors, rules: Rules<'picodet'>, model: DecodedModel): Detection[] {
  const boxes = outputs[rules.boxes]?.data ?? [];
  const scores = outputs[rules.scores]?.data ?? [];
  const positions = boxes.length / 4;
  const candidates = Array.from({ length: positions }, (_, n): Candidate => {
    const shares = model.labels.map((_label, c) => Number(scores[c * positions + n]));
    const score = Math.max(...shares);
    const edge = (index: number): number => Number(boxes[4 * n + index]);
    return { box: boxWithin(edge(0), edge(1), edge(2), edge(3), model), score, classIndex: shares.indexOf(score) };
  });
  return chosen(candidates, rules, model);
}

export function decodeFastestdetReference(
  outputs: Tensors,
  rules: Rules<'fastestdet'>,
  model: DecodedModel,
): Detection[] {
  const [output] = Object.values(outputs);
  const [, , rows = 0, columns = 0] = output?.dims ?? [];
  const candidates: Candidate[] = [];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const at = (plane: number): number => Number(output?.data[(plane * rows + y) * columns + x]);
      const shares = model.labels.map((_label, c) => at(5 + c));
      const best = Math.max(...shares);
      const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
      const centreX = ((x + Math.tanh(at(1))) / columns) * model.width;
      const centreY = ((y + Math.tanh(at(2))) / rows) * model.height;
      candidates.push({
        box: boxOf(centreX, centreY, sigmoid(at(3)) * model.width, sigmoid(at(4)) * model.height, model),
        score: at(0) ** 0.6 * best ** 0.4,
        classIndex: shares.indexOf(best),
      });
    }
  }
  return chosen(candidates, rules, model);
}

export function decodeTopDownReference(
  outputs: Tensors,
  rules: Rules<'top-down-heatmap'>,
  model: DecodedModel,
): Detection[] {
  const [output] = Object.values(outputs);
  const [, points = 0, rows = 0, columns = 0] = output?.dims ?? [];
  const keypoints = Array.from({ length: points }, (_, k): Keypoint => {
    const at = (x: number, y: number): number => Number(output?.data[(k * rows + y) * columns + x]);
    let [bestX, bestY] = [0, 0];
    for (let y = 0; y < rows; y += 1)
      for (let x = 0; x < columns; x += 1) if (at(x, y) > at(bestX, bestY)) [bestX, bestY] = [x, y];
    const inX = bestX > 0 && bestX < columns - 1;
    const inY = bestY > 0 && bestY < rows - 1;
    const shiftX = inX ? 0.25 * Math.sign(at(bestX + 1, bestY) - at(bestX - 1, bestY)) : 0;
    const shiftY = inY ? 0.25 * Math.sign(at(bestX, bestY + 1) - at(bestX, bestY - 1)) : 0;
    return {
      x: (bestX + shiftX) * (model.width / columns),
      y: (bestY + shiftY) * (model.height / rows),
      score: Math.min(Math.max(at(bestX, bestY), 0), 1),
    };
  });
  const score = keypoints.reduce((sum, point) => sum + point.score, 0) / points;
  const box = { xMin: 0, yMin: 0, xMax: model.width, yMax: model.height };
  return score < rules.scoreFloor ? [] : [{ label: model.labels[0] ?? '', classIndex: 0, score, box, keypoints }];
}

function boxOf(x: number, y: number, width: number, height: number, model: DecodedModel): Box {
  return boxWithin(x - width / 2, y - height / 2, x + width / 2, y + height / 2, model);
}

function chosen(
  candidates: readonly Candidate[],
  rules: { readonly scoreFloor: number; readonly topK: number; readonly nmsIou: number },
  model: DecodedModel,
): Detection[] {
  const kept: Candidate[] = [];
  const ordered = candidates
    .filter(({ score }) => score >= Math.fround(rules.scoreFloor))
    .sort((a, b) => b.score - a.score)
    .slice(0, rules.topK);
  for (const c of ordered)
    if (!kept.some((k) => k.classIndex === c.classIndex && intersectionOverUnion(k.box, c.box) > rules.nmsIou))
      kept.push(c);
  return kept.map((each) => ({ label: model.labels[each.classIndex] ?? '', ...each }));
}
