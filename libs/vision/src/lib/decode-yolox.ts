import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import {
  boxWithin,
  floatOutput,
  isProbability,
  malformedScore,
  scoreSlack,
  type DecodedModel,
} from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Decoder of the YOLOX export: one output [1, N, 5 + C], rows centre x, centre y, width, height, objectness, class
 * probabilities. The score is objectness times the best class. Unless the graph did it, the centre is in cells of its
 * stride relative to the cell (x + column) stride, and the size is exp(w) stride.
 * @see Ge et al., YOLOX, arXiv 2107.08430, section 2.1
 */
export function createYoloxDecoder(
  rules: Extract<Postprocess, { decoder: 'yolox' }>,
  model: DecodedModel,
): (outputs: Tensors) => Detection[] {
  const classes = model.labels.length;
  const grid = createGrid(rules.strides, model);
  const positions = grid.stride.length;
  const floor = Math.fround(rules.scoreFloor);
  const rowLength = 5 + classes;
  const bestClass = new Uint16Array(positions);
  const candidates = createCandidateHeap(rules.topK);

  const offer = (data: Float32Array, n: number, objectness: number): void => {
    let top = 0;
    for (let c = 0; c < classes; c += 1) {
      const share = data[n * rowLength + 5 + c] ?? NaN;
      if (!isProbability(share)) throw malformedScore(share, n * rowLength + 5 + c);
      if (share > top) {
        top = share;
        bestClass[n] = c;
      }
    }
    if (objectness * top >= floor) candidates.offer(objectness * top, n);
  };

  return (outputs) => {
    const { data } = floatOutput(outputs, rules.output, [1, positions, rowLength]);
    candidates.clear();
    for (let n = 0; n < positions; n += 1) {
      const objectness = data[n * rowLength + 4] ?? NaN;
      if (!isProbability(objectness)) throw malformedScore(objectness, n * rowLength + 4);
      // No class probability can lift a score above its objectness (plus what quantisation may add).
      if (objectness * (1 + scoreSlack) >= floor) offer(data, n, objectness);
    }
    const found: Detection[] = [];
    const count = candidates.sort();
    for (let i = 0; i < count; i += 1) {
      const n = candidates.keys[i] ?? 0;
      const classIndex = bestClass[n] ?? 0;
      const [x, y, w, h] = Array.from(data.subarray(n * rowLength, n * rowLength + 4));
      const scale = rules.gridInGraph ? 1 : (grid.stride[n] ?? NaN);
      const centreX = rules.gridInGraph ? (x ?? NaN) : ((x ?? NaN) + (grid.column[n] ?? NaN)) * scale;
      const centreY = rules.gridInGraph ? (y ?? NaN) : ((y ?? NaN) + (grid.row[n] ?? NaN)) * scale;
      const halfWidth = (rules.gridInGraph ? (w ?? NaN) : Math.exp(w ?? NaN) * scale) / 2;
      const halfHeight = (rules.gridInGraph ? (h ?? NaN) : Math.exp(h ?? NaN) * scale) / 2;
      found.push({
        label: model.labels[classIndex] ?? '',
        classIndex,
        score: Math.min(candidates.scores[i] ?? 0, 1),
        box: boxWithin(centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight, model),
      });
    }
    return suppressOrdered(found, rules.nmsIou);
  };
}

interface Grid {
  readonly column: Int32Array;
  readonly row: Int32Array;
  readonly stride: Int32Array;
}

function createGrid(strides: readonly number[], model: DecodedModel): Grid {
  const cells = strides.flatMap((stride) => {
    const columns = Math.floor(model.width / stride);
    const count = columns * Math.floor(model.height / stride);
    return Array.from({ length: count }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns), stride }));
  });
  return {
    column: Int32Array.from(cells, (cell) => cell.column),
    row: Int32Array.from(cells, (cell) => cell.row),
    stride: Int32Array.from(cells, (cell) => cell.stride),
  };
}
