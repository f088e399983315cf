import type { Box, Detection, Keypoint, Tensors } from '@edge-blueprints/contracts';
import { createCandidateHeap } from './candidate-heap.js';
import {
  boxWithin,
  floatOutput,
  isProbability,
  malformed,
  malformedScore,
  type DecodedModel,
  type FloatOutput,
} from './model-output.js';
import { suppressOrdered } from './non-max-suppression.js';
import type { Postprocess } from './postprocess-schema.js';
import { scanScores } from './score-scan.js';

type CentrePose = Extract<Postprocess, { decoder: 'centre-pose' }>;

/** Without a peak to confirm it, a regressed keypoint is worth this share of the heat under it. */
const unconfirmedShare = 0.3;

/** Size of the maps in cells, pixels of the input per cell. */
interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly stride: number;
}

/**
 * Decoder of our own pose model, cells of `stride` pixels: `centre` [1, 1, h, w] 0 to 1, `box` [1, 4, h, w] distances left,
 * top, right, bottom from the cell centre, `offset` [1, 2K, h, w] keypoint minus cell centre as x0, y0, x1, y1, ..., `heat`
 * [1, K, h, w] 0 to 1. A person is a 3x3 maximum of `centre`; each keypoint is where the offset points, moved to the best
 * peak of its heat map near by, whose heat becomes its score.
 * @see Zhou et al., Objects as Points, arXiv 1904.07850, section 4.2
 */
export function createCentrePoseDecoder(rules: CentrePose, model: DecodedModel): (outputs: Tensors) => Detection[] {
  const { stride } = rules;
  const map: Cells = { columns: Math.floor(model.width / stride), rows: Math.floor(model.height / stride), stride };
  const count = map.columns * map.rows;
  const keypoints = model.keypoints?.length ?? 0;
  const floor = Math.fround(rules.scoreFloor);
  const candidates = createCandidateHeap(rules.topK);
  const label = model.labels[0] ?? 'person';

  const output = (outputs: Tensors, name: string, channels: number): FloatOutput =>
    floatOutput(outputs, name, [1, channels, map.rows, map.columns]);

  return (outputs) => {
    const centre = output(outputs, rules.centre, 1).data;
    const boxes = output(outputs, rules.boxes, 4).data;
    const offsets = output(outputs, rules.offsets, 2 * keypoints).data;
    const heat = output(outputs, rules.heat, keypoints).data;
    candidates.clear();
    const scan = scanScores(centre, floor);
    for (let cell = scan.next(0, count); cell < count; cell = scan.next(cell + 1, count)) {
      const score = centre[cell] ?? NaN;
      if (!isProbability(score)) throw malformedScore(score, cell);
      if (score >= floor && isPeak(centre, 0, cell, map)) candidates.offer(score, cell);
    }
    const found: (Detection & { readonly cell: number })[] = [];
    const kept = candidates.sort();
    for (let i = 0; i < kept; i += 1) {
      const cell = candidates.keys[i] ?? 0;
      const score = Math.min(candidates.scores[i] ?? 0, 1);
      found.push({ label, classIndex: 0, score, box: boxAt(boxes, cell, map, model), cell });
    }
    return suppressOrdered(found, rules.nmsIou).map(({ cell, ...person }) => {
      const radius = rules.searchShare * diagonal(person.box);
      const points = Array.from({ length: keypoints }, (_, k) => {
        const x = centreX(cell, map) + (offsets[2 * k * count + cell] ?? NaN);
        const y = centreY(cell, map) + (offsets[(2 * k + 1) * count + cell] ?? NaN);
        if (!Number.isFinite(x + y)) throw malformed(`keypoint ${k} of cell ${cell} at ${x}, ${y}`);
        return refined(heat, k * count, x, y, radius, rules.peakFloor, map);
      });
      return { ...person, keypoints: points };
    });
  };
}

/** One cell of a plateau is its peak: the first in reading order. */
function isPeak(data: Float32Array, plane: number, cell: number, { columns, rows }: Cells): boolean {
  const value = data[plane + cell] ?? NaN;
  const x = cell % columns;
  const y = (cell - x) / columns;
  for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, rows - 1); ny += 1) {
    for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, columns - 1); nx += 1) {
      const other = ny * columns + nx;
      const beside = data[plane + other] ?? NaN;
      if (other < cell ? beside >= value : beside > value) return false;
    }
  }
  return true;
}

function boxAt(boxes: Float32Array, cell: number, map: Cells, model: DecodedModel): Box {
  const count = map.columns * map.rows;
  const x = centreX(cell, map);
  const y = centreY(cell, map);
  const side = (index: number): number => boxes[index * count + cell] ?? NaN;
  return boxWithin(x - side(0), y - side(1), x + side(2), y + side(3), model);
}

/** The regressed point moved to the highest peak within the radius, or itself with little trust. */
function refined(
  heat: Float32Array,
  plane: number,
  x: number,
  y: number,
  radius: number,
  peakFloor: number,
  map: Cells,
): Keypoint {
  const { columns, rows, stride } = map;
  const firstRow = Math.max(Math.ceil((y - radius) / stride - 0.5), 0);
  const lastRow = Math.min(Math.floor((y + radius) / stride - 0.5), rows - 1);
  const firstColumn = Math.max(Math.ceil((x - radius) / stride - 0.5), 0);
  const lastColumn = Math.min(Math.floor((x + radius) / stride - 0.5), columns - 1);
  let best = -1;
  let bestHeat = Math.fround(peakFloor);
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const cell = row * columns + column;
      const value = heat[plane + cell] ?? NaN;
      if (!isProbability(value)) throw malformedScore(value, plane + cell);
      if (best === -1 ? value < bestHeat : value <= bestHeat) continue;
      if (Math.hypot(centreX(cell, map) - x, centreY(cell, map) - y) > radius) continue;
      if (!isPeak(heat, plane, cell, map)) continue;
      best = cell;
      bestHeat = value;
    }
  }
  if (best >= 0) return { ...centreOfMass(heat, plane, best, map), score: Math.min(bestHeat, 1) };
  const column = Math.floor(x / stride);
  const row = Math.floor(y / stride);
  const inside = column >= 0 && column < columns && row >= 0 && row < rows;
  const below = inside ? (heat[plane + row * columns + column] ?? NaN) : 0;
  if (!isProbability(below)) throw malformedScore(below, plane + row * columns + column);
  return { x, y, score: unconfirmedShare * Math.min(Math.max(below, 0), 1) };
}

/** Mean of the 3x3 cell centres around a peak, weighted with their heat: finer than a cell. */
function centreOfMass(heat: Float32Array, plane: number, peak: number, map: Cells): { x: number; y: number } {
  const { columns, rows } = map;
  const column = peak % columns;
  const row = (peak - column) / columns;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, rows - 1); y += 1) {
    for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, columns - 1); x += 1) {
      const cell = y * columns + x;
      const weight = Math.max(heat[plane + cell] ?? 0, 0);
      sum += weight;
      sumX += weight * centreX(cell, map);
      sumY += weight * centreY(cell, map);
    }
  }
  return { x: sumX / sum, y: sumY / sum };
}

function centreX(cell: number, { columns, stride }: Cells): number {
  return ((cell % columns) + 0.5) * stride;
}

function centreY(cell: number, { columns, stride }: Cells): number {
  return (Math.floor(cell / columns) + 0.5) * stride;
}

function diagonal(box: Box): number {
  return Math.hypot(box.xMax - box.xMin, box.yMax - box.yMin);
}
