import { intersectionOverUnion } from '../intersection-over-union.js';
import { createAssigner } from '../tracking/limited-assignment.js';
import { byFrame } from './mot-sequence.js';
import type { MotBox } from './mot-text.js';

const pedestrian = 1;
/** Person on a vehicle, static person, distractor, reflection: finding one is neither right nor wrong. */
const distractors: ReadonlySet<number> = new Set([2, 7, 8, 12]);

/**
 * What is scored of a MOT16/17 sequence: pedestrians whose flag is 1, and tracked boxes without those that match a
 * distractor. Matching is over all classes, at IoU 0.5, as many as possible with the least distance.
 * @see Milan et al., MOT16, arXiv 1603.00831, section 4.1.2
 */
export function mot17Preprocess(
  truth: readonly MotBox[],
  result: readonly MotBox[],
  minIou = 0.5,
): { readonly truth: readonly MotBox[]; readonly result: readonly MotBox[] } {
  const assign = createAssigner();
  const there = byFrame(truth, 'truth');
  const kept: MotBox[] = [];
  for (const [frame, tracks] of byFrame(result, 'result')) {
    const objects = there.get(frame) ?? [];
    const costs = new Float64Array(objects.length * tracks.length);
    objects.forEach((object, row) => {
      tracks.forEach((track, column) => {
        const distance = 1 - intersectionOverUnion(object.box, track.box);
        costs[row * tracks.length + column] = distance <= 1 - minIou ? distance : NaN;
      });
    });
    const dropped = new Set<number>();
    assign(costs, objects.length, tracks.length, objects.length + tracks.length + 1).forEach((column, row) => {
      if (column !== -1 && distractors.has(objects[row]?.classIndex ?? 0)) dropped.add(column);
    });
    kept.push(...tracks.filter((_, column) => !dropped.has(column)));
  }
  return {
    truth: truth.filter(({ classIndex, confidence }) => classIndex === pedestrian && confidence >= 0.99),
    result: kept,
  };
}
