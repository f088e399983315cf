import { createAreaFilter } from './area-filter.js';
import type { Association } from './live-track.js';
import { createPairing } from './pairing.js';
import type { SortSettings } from './tracker-options.js';

/**
 * SORT: the assignment of greatest total IoU, then pairs below `minIou` are dropped.
 * @see Bewley et al., Simple Online and Realtime Tracking, arXiv 1602.00763
 */
export function createSortAssociation({ minScore, minIou }: SortSettings): Association {
  const pair = createPairing();
  return {
    createFilter: createAreaFilter,
    pair: (tracks, detections) =>
      pair({
        tracks,
        detections: detections.filter(({ score }) => score >= minScore),
        boxOf: (track) => track.expected,
        cost: (overlap) => 1 - overlap,
        limit: 1,
        dropBelowIou: minIou,
      }).detections,
  };
}
