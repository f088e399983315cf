import { UsageError } from '@edge-blueprints/contracts';
import type { SlopePlane } from './brightness-slope.js';

/** How one background lies on another. */
export interface SceneShift {
  /** Pixels of the frame that the scene moved by; the camera moved the other way. */
  readonly dxPx: number;
  readonly dyPx: number;
  /** Mean agreement of slope directions at that shift and without any, -1 to 1; about 0 for unrelated scenes. */
  readonly agreement: number;
  readonly agreementUnmoved: number;
  /** Edges of the reference that were compared. Below about 200 the picture shows too little to judge. */
  readonly edges: number;
}

/** An agreement that no other shift can have as well. */
const surely = 0.75;

/**
 * Correlates slope directions of the edges over all shifts up to `maxShiftPx` of the frame, with the place between pixels
 * from a parabola through the best shift and its neighbours. A form of orientation correlation (Fitch et al., BMVC 2002),
 * in the spatial domain, since few pixels are edges.
 * @throws UsageError `vision.size` when the planes differ in size
 */
export function estimateSceneShift(reference: SlopePlane, current: SlopePlane, maxShiftPx = 48): SceneShift {
  const { width, height, scale } = reference;
  if (width !== current.width || height !== current.height)
    throw new UsageError(
      'vision.size',
      `Scenes of ${width}x${height} and ${current.width}x${current.height} cannot be compared.`,
    );
  const reach = Math.max(1, Math.min(Math.round(maxShiftPx / scale), (width >> 2) - 1, (height >> 2) - 1));
  // The same edges for every shift, so that no shift wins by what it leaves out.
  const edges = reference.edges.filter((i) => {
    const column = i % width;
    const row = (i - column) / width;
    return column >= reach && column < width - reach && row >= reach && row < height - reach;
  });
  const side = 2 * reach + 1;
  const unmoved = reach * side + reach;
  const scores = new Float64Array(side * side).fill(Number.NaN);
  const search = (range: number): number => {
    let best = unmoved;
    for (let dy = -range; dy <= range; dy += 1) {
      for (let dx = -range; dx <= range; dx += 1) {
        const cell = unmoved + dy * side + dx;
        if (Number.isNaN(scores[cell])) scores[cell] = agreementAt(reference, current, edges, dy * width + dx);
        if (!((scores[best] ?? 0) >= (scores[cell] ?? 0))) best = cell;
      }
    }
    return best;
  };
  // Most of the time nothing moved, and no shift further away can be better than almost everything.
  const near = search(1);
  const best = near === unmoved && (scores[near] ?? 0) >= surely ? near : search(reach);
  const column = best % side;
  const row = (best - column) / side;
  const at = (r: number, c: number): number =>
    r < 0 || c < 0 || r >= side || c >= side ? Number.NaN : (scores[r * side + c] ?? Number.NaN);
  return {
    dxPx: scale * (column - reach + between(at(row, column - 1), at(row, column), at(row, column + 1))),
    dyPx: scale * (row - reach + between(at(row - 1, column), at(row, column), at(row + 1, column))),
    agreement: scores[best] ?? 0,
    agreementUnmoved: at(reach, reach),
    edges: edges.length,
  };
}

/** Mean cosine between the slopes of the edges and what lies `offset` pixels further on in the other plane. */
function agreementAt(reference: SlopePlane, current: SlopePlane, edges: Int32Array, offset: number): number {
  let sum = 0;
  for (let k = 0; k < edges.length; k += 1) {
    const i = edges[k] ?? 0;
    sum += (reference.x[i] ?? 0) * (current.x[i + offset] ?? 0) + (reference.y[i] ?? 0) * (current.y[i + offset] ?? 0);
  }
  return edges.length === 0 ? 0 : sum / edges.length;
}

/** Peak of the parabola through three values around a maximum, -1/2 to 1/2. */
function between(before: number, peak: number, after: number): number {
  const bend = before - 2 * peak + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}
