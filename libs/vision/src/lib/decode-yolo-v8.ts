import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import { boxWithin, floatOutput, isProbability, malformedScore, type DecodedModel } from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';
import { scanScores } from './score-scan.js';

/**
 * Decoder of the raw YOLOv8 and YOLO11 detection export: one output [1, 4 + C, N], rows centre x, centre y, width, height
 * in input pixels, then one probability row per class. Each position counts with its best class.
 * The output is read row by row as it lies in memory, threshold first; position-major reading costs several times more.
 */
export function createYoloV8Decoder(
  rules: Extract<Postprocess, { decoder: 'yolo-v8' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const floor = Math.fround(rules.scoreFloor);
  const candidates = createCandidateHeap(rules.topK);
  let best = new Float32Array(0);
  let bestClass = new Uint16Array(0);
  let hits = new Int32Array(0);

  const collect = (data: Float32Array, positions: number): void => {
    best.fill(0);
    let hitCount = 0;
    const scan = scanScores(data, floor);
    for (let c = 0; c < classes; c += 1) {
      const row = (4 + c) * positions;
      const end = row + positions;
      for (let at = scan.next(row, end); at < end; at = scan.next(at + 1, end)) {
        const score = data[at] ?? NaN;
        if (!isProbability(score)) throw malformedScore(score, at);
        if (score < floor) continue;
        const n = at - row;
        const before = best[n] ?? 0;
        if (before === 0) {
          hits[hitCount] = n;
          hitCount += 1;
        }
        if (score > before) {
          best[n] = score;
          bestClass[n] = c;
        }
      }
    }
    candidates.clear();
    for (let i = 0; i < hitCount; i += 1) candidates.offer(best[hits[i] ?? 0] ?? 0, hits[i] ?? 0);
  };

  return (outputs) => {
    const { data, dims } = floatOutput(outputs, rules.output, [1, 4 + classes, -1]);
    const positions = dims[2] ?? 0;
    if (best.length !== positions) {
      best = new Float32Array(positions);
      bestClass = new Uint16Array(positions);
      hits = new Int32Array(positions);
    }
    collect(data, positions);
    const found: Detection[] = [];
    const count = candidates.sort();
    for (let i = 0; i < count; i += 1) {
      const n = candidates.keys[i] ?? 0;
      const classIndex = bestClass[n] ?? 0;
      const x = data[n] ?? NaN;
      const y = data[positions + n] ?? NaN;
      const halfWidth = (data[2 * positions + n] ?? NaN) / 2;
      const halfHeight = (data[3 * positions + n] ?? NaN) / 2;
      found.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score: Math.min(candidates.scores[i] ?? 0, 1),
        box: boxWithin(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, model),
      });
    }
    return suppressOrdered(found, rules.nmsIou);
  };
}
