import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from './intersection-over-union.js';
import { boxWithin, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

// The obvious way, position by position. Specs hold the fast decoders against it, the bench measures the ratio.

interface Candidate extends Detection {
  readonly key: number;
}

export function decodeCentreLtrbReference(
  outputs: Tensors,
  rules: Extract<Postprocess, { decoder: 'centre-ltrb' }>,
  model: DecodedModel,
): Detection[] {
  const scores = outputs[rules.scores]?.data ?? [];
  const boxes = outputs[rules.boxes]?.data ?? [];
  const columns = model.width / rules.stride;
  const cells = columns * (model.height / rules.stride);
  const candidates: Candidate[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const centreX = ((cell % columns) + 0.5) * rules.stride;
    const centreY = (Math.floor(cell / columns) + 0.5) * rules.stride;
    const [left = NaN, top = NaN, right = NaN, bottom = NaN] = [0, 1, 2, 3].map((side) =>
      Number(boxes[side * cells + cell]),
    );
    model.labels.forEach((label, classIndex) => {
      const score = Number(scores[classIndex * cells + cell]);
      const box = boxWithin(centreX - left, centreY - top, centreX + right, centreY + bottom, model);
      candidates.push({ label, classIndex, score, box, key: classIndex * cells + cell });
    });
  }
  return chooseReference(candidates, rules);
}

export function decodeYoloV8Reference(
  outputs: Tensors,
  rules: Extract<Postprocess, { decoder: 'yolo-v8' }>,
  model: DecodedModel,
): Detection[] {
  const output = Object.values(outputs)[0];
  const data = output?.data ?? [];
  const positions = output?.dims[2] ?? 0;
  const candidates: Candidate[] = [];
  for (let n = 0; n < positions; n += 1) {
    const column: number[] = [];
    for (let row = 0; row < 4 + model.labels.length; row += 1) column.push(Number(data[row * positions + n]));
    const [x = NaN, y = NaN, w = NaN, h = NaN, ...scores] = column;
    const score = Math.max(...scores);
    const classIndex = scores.indexOf(score);
    const box = boxWithin(x - w / 2, y - h / 2, x + w / 2, y + h / 2, model);
    candidates.push({ label: model.labels[classIndex] ?? '', classIndex, score, box, key: n });
  }
  return chooseReference(candidates, rules);
}

function chooseReference(
  candidates: readonly Candidate[],
  rules: { readonly scoreFloor: number; readonly topK: number; readonly nmsIou: number },
): Detection[] {
  const ordered = candidates
    .filter((c) => c.score >= Math.fround(rules.scoreFloor))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, rules.topK);
  const kept: Candidate[] = [];
  for (const c of ordered) {
    if (!kept.some((k) => k.classIndex === c.classIndex && intersectionOverUnion(k.box, c.box) > rules.nmsIou))
      kept.push(c);
  }
  return kept.map(({ label, classIndex, score, box }) => ({ label, classIndex, score, box }));
}
