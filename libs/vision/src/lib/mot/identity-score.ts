import { createAssigner } from '../tracking/limited-assignment.js';
import type { MotSequence } from './mot-sequence.js';

export interface IdentityScore {
  /** Boxes that carry the one track that stands for their object. */
  readonly truePositives: number;
  readonly idf1: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * IDF1: each object is given at most one track for the whole sequence, so that as many boxes as possible agree.
 * @see Ristani et al., Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking, arXiv 1609.01775
 */
export function identityScore(sequence: MotSequence, minIou = 0.5): IdentityScore {
  const shared = new Float64Array(sequence.objects * sequence.tracks);
  let [truths, found] = [0, 0];
  for (const { objects, tracks, overlaps } of sequence.frames) {
    truths += objects.length;
    found += tracks.length;
    objects.forEach((object, row) => {
      tracks.forEach((track, column) => {
        if (1 - (overlaps[row * tracks.length + column] ?? 0) > 1 - minIou) return;
        const cell = object * sequence.tracks + track;
        shared[cell] = (shared[cell] ?? 0) + 1;
      });
    });
  }
  const trackOf = createAssigner()(
    shared.map((count) => -count),
    sequence.objects,
    sequence.tracks,
    0,
  );
  let truePositives = 0;
  trackOf.forEach((track, object) => {
    if (track !== -1) truePositives += shared[object * sequence.tracks + track] ?? 0;
  });
  return {
    truePositives,
    idf1: (2 * truePositives) / (truths + found),
    precision: truePositives / found,
    recall: truePositives / truths,
  };
}
