import { createCandidateHeap, type CandidateHeap } from './candidate-heap.js';
import { isProbability, malformedScore } from './model-output.js';
import { scanScores } from './score-scan.js';

/** Positions of a score map with one row a class, each with its best class. Works in memory of its own. */
export interface ClassRows {
  /** Filled and ordered by `collect`; keys are positions. */
  readonly candidates: CandidateHeap;
  /**
   * Reads `classes` rows of `positions` probabilities from `from` on, row by row as they lie in memory, threshold first:
   * position-major reading costs several times more.
   * @returns number of candidates
   * @throws EdgeError `vision.output-malformed`
   */
  collect(data: Float32Array, from: number, positions: number): number;
  /** Best class of a position that was collected; the first of equal ones. */
  classAt(position: number): number;
}

/** @param scoreFloor compared as float32, as the scores are */
export function createClassRows(classes: number, scoreFloor: number, topK: number): ClassRows {
  const floor = Math.fround(scoreFloor);
  const candidates = createCandidateHeap(topK);
  let best = new Float32Array(0);
  let bestClass = new Uint16Array(0);
  let hits = new Int32Array(0);
  return {
    candidates,
    classAt: (position) => bestClass[position] ?? 0,
    collect(data, from, positions) {
      if (best.length !== positions) {
        best = new Float32Array(positions);
        bestClass = new Uint16Array(positions);
        hits = new Int32Array(positions);
      }
      best.fill(0);
      let hitCount = 0;
      const scan = scanScores(data, floor);
      for (let c = 0; c < classes; c += 1) {
        const row = from + c * positions;
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
      return candidates.sort();
    },
  };
}
