import type { Detection } from '@edge-blueprints/contracts';
import type { TrueDefect } from './deep-pcb-labels.js';
import type { JudgedPicture } from './detection-metrics.js';
import { intersectionOverUnion } from './intersection-over-union.js';

/**
 * Which class is taken for which: `counts[t][d]` true class t found as class d. The last row is "nothing there", the last
 * column "not found". Boxes are matched without regard to class, best score first, IoU above `iouThreshold`.
 */
export function confusionMatrix(
  pictures: readonly JudgedPicture[],
  labels: readonly string[],
  counts: (detection: Detection) => boolean,
  iouThreshold = 0.33,
): readonly (readonly number[])[] {
  const none = labels.length;
  const matrix = Array.from({ length: none + 1 }, () => new Array<number>(none + 1).fill(0));
  const add = (truth: number, found: number): void => {
    const row = matrix[truth];
    if (row) row[found] = (row[found] ?? 0) + 1;
  };
  for (const picture of pictures) {
    const free = new Set<TrueDefect>(picture.truth);
    const found = picture.detections.filter(counts).sort((a, b) => b.score - a.score);
    for (const detection of found) {
      let best: TrueDefect | undefined;
      let bestIou = iouThreshold;
      for (const truth of free) {
        const iou = intersectionOverUnion(detection.box, truth.box);
        if (iou > bestIou) {
          bestIou = iou;
          best = truth;
        }
      }
      add(best?.classIndex ?? none, detection.classIndex);
      if (best) free.delete(best);
    }
    for (const missed of free) add(missed.classIndex, none);
  }
  return matrix;
}
