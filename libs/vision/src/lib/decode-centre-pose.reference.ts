import type { Detection, Keypoint, Tensors } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from './intersection-over-union.js';
import { boxWithin, type DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/** The definition of the centre-pose outputs read word for word; specs hold the decoder against it. */
export function decodeCentrePoseReference(
  outputs: Tensors,
  rules: Extract<Postprocess, { decoder: 'centre-pose' }>,
  model: DecodedModel,
): Detection[] {
  const { stride } = rules;
  const columns = model.width / stride;
  const rows = model.height / stride;
  const at = (name: string, channel: number, x: number, y: number): number =>
    x < 0 || y < 0 || x >= columns || y >= rows
      ? -1
      : Number(outputs[name]?.data[(channel * rows + y) * columns + x] ?? -1);
  const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));
  const isPeak = (name: string, channel: number, x: number, y: number): boolean =>
    around.every(({ dx, dy }) => {
      const beside = at(name, channel, x + dx, y + dy);
      const earlier = dy < 0 || (dy === 0 && dx < 0);
      return beside < at(name, channel, x, y) || (!earlier && beside === at(name, channel, x, y));
    });
  const cells = Array.from({ length: rows * columns }, (_, i) => ({ x: i % columns, y: Math.floor(i / columns) }));

  const keypoint = (k: number, x: number, y: number, radius: number): Keypoint => {
    const [best] = cells
      .filter((cell) => Math.hypot((cell.x + 0.5) * stride - x, (cell.y + 0.5) * stride - y) <= radius)
      .filter((cell) => isPeak(rules.heat, k, cell.x, cell.y))
      .filter((cell) => at(rules.heat, k, cell.x, cell.y) >= Math.fround(rules.peakFloor))
      .sort((a, b) => at(rules.heat, k, b.x, b.y) - at(rules.heat, k, a.x, a.y));
    if (best === undefined) {
      const below = at(rules.heat, k, Math.floor(x / stride), Math.floor(y / stride));
      return { x, y, score: 0.3 * Math.max(below, 0) };
    }
    const block = around.map(({ dx, dy }) => ({ x: best.x + dx, y: best.y + dy }));
    const weights = block.map((cell) => Math.max(at(rules.heat, k, cell.x, cell.y), 0));
    const mean = (value: (cell: { x: number; y: number }) => number): number =>
      block.reduce((sum, cell, i) => sum + (weights[i] ?? 0) * (value(cell) + 0.5) * stride, 0) /
      weights.reduce((a, b) => a + b, 0);
    return { x: mean((cell) => cell.x), y: mean((cell) => cell.y), score: at(rules.heat, k, best.x, best.y) };
  };

  const people = cells
    .filter(({ x, y }) => at(rules.centre, 0, x, y) >= Math.fround(rules.scoreFloor))
    .filter(({ x, y }) => isPeak(rules.centre, 0, x, y))
    .sort((a, b) => at(rules.centre, 0, b.x, b.y) - at(rules.centre, 0, a.x, a.y))
    .slice(0, rules.topK)
    .map(({ x, y }) => {
      const [cx, cy] = [(x + 0.5) * stride, (y + 0.5) * stride];
      const side = (index: number): number => at(rules.boxes, index, x, y);
      return { x, y, cx, cy, box: boxWithin(cx - side(0), cy - side(1), cx + side(2), cy + side(3), model) };
    });
  const kept: typeof people = [];
  for (const person of people)
    if (!kept.some((better) => intersectionOverUnion(better.box, person.box) > rules.nmsIou)) kept.push(person);
  return kept.map(({ x, y, cx, cy, box }) => {
    const radius = rules.searchShare * Math.hypot(box.xMax - box.xMin, box.yMax - box.yMin);
    const keypoints = (model.keypoints ?? []).map((_, k) =>
      keypoint(k, cx + at(rules.offsets, 2 * k, x, y), cy + at(rules.offsets, 2 * k + 1, x, y), radius),
    );
    return { label: model.labels[0] ?? '', classIndex: 0, score: at(rules.centre, 0, x, y), box, keypoints };
  });
}
