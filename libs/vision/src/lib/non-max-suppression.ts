import type { Detection } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from './intersection-over-union.js';

/**
 * Greedy, class-wise: the best detection stays and removes those of its class that overlap it by more than
 * `iouThreshold`. Returns the survivors, best first; equal scores keep their order.
 */
export function nonMaxSuppression(detections: readonly Detection[], iouThreshold: number): Detection[] {
  const ordered = [...detections].sort((a, b) => b.score - a.score);
  return suppressOrdered(ordered, iouThreshold);
}

/** The same for detections that are ordered already, best first. */
export function suppressOrdered<D extends Detection>(ordered: readonly D[], iouThreshold: number): D[] {
  const kept: D[] = [];
  for (const candidate of ordered) {
    let free = true;
    for (const better of kept) {
      if (
        better.classIndex === candidate.classIndex &&
        intersectionOverUnion(better.box, candidate.box) > iouThreshold
      ) {
        free = false;
        break;
      }
    }
    if (free) kept.push(candidate);
  }
  return kept;
}
