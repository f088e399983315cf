import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from './intersection-over-union.js';
import { boxWithin, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

// The obvious way, position by position: the best class or every class of one position, then the next. Specs hold the fast
// decoders against it, the bench measures the ratio.

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
  const columns = Math.floor(model.width / rules.stride);
  const cells = columns * Math.floor(model.height / rules.stride);
  const side = (cell: number, index: number): number => Number(boxes[index * cells + cell]);
  const candidates: Candidate[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const x = ((cell % columns) + 0.5) * rules.stride;
    const y = (Math.floor(cell / columns) + 0.5) * rules.stride;
    for (let classIndex = 0; classIndex < model.labels.length; classIndex += 1) {
      const score = Number(scores[classIndex * cells + cell]);
      if (score < Math.fround(rules.scoreFloor)) continue;
      const box = boxWithin(x - side(cell, 0), y - side(cell, 1), x + side(cell, 2), y + side(cell, 3), model);
      candidates.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score,
        box,
        key: classIndex * cells + cell,
      });
    }
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
  const at = (row: number, n: number): number => Number(data[row * positions + n]);
  const candidates: Candidate[] = [];
  for (let n = 0; n < positions; n += 1) {
    let classIndex = 0;
    for (let c = 1; c < model.labels.length; c += 1) if (at(4 + c, n) > at(4 + classIndex, n)) classIndex = c;
    const score = at(4 + classIndex, n);
    if (score < Math.fround(rules.scoreFloor)) continue;
    const [x, y, w, h] = [at(0, n), at(1, n), at(2, n), at(3, n)];
    const box = boxWithin(x - w / 2, y - h / 2, x + w / 2, y + h / 2, model);
    candidates.push({ label: model.labels[classIndex] ?? '', classIndex, score, box, key: n });
  }
  return chooseReference(candidates, rules);
}

function chooseReference(
  candidates: readonly Candidate[],
  rules: { readonly topK: number; readonly nmsIou: number },
): Detection[] {
  const ordered = [...candidates].sort((a, b) => b.score - a.score || a.key - b.key).slice(0, rules.topK);
  const kept: Candidate[] = [];
  for (const c of ordered) {
    if (!kept.some((k) => k.classIndex === c.classIndex && intersectionOverUnion(k.box, c.box) > rules.nmsIou))
      kept.push(c);
  }
  return kept.map(({ label, classIndex, score, box }) => ({ label, classIndex, score, box }));
}
