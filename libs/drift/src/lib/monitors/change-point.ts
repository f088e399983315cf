/** Fewer samples after a change say nothing about their spread. */
const leastAfter = 5;

/**
 * Where a series of scores that are standard normal before a change stops being so: the cut with the largest likelihood ratio of
 * a normal with another mean and spread after it against the standard normal.
 * @param scores oldest first
 * @returns index of the first sample after the change
 * @see Basseville, M., Nikiforov, I. (1993), Detection of abrupt changes, chapter 4
 */
export function changePoint(scores: ArrayLike<number>): number {
  const n = scores.length;
  let best = 0;
  let bestGain = -Infinity;
  let sum = 0;
  let squares = 0;
  for (let from = n - 1; from >= 0; from--) {
    const score = scores[from] ?? 0;
    sum += score;
    squares += score * score;
    const count = n - from;
    if (count < leastAfter) continue;
    const mean = sum / count;
    // A constant tail would have an infinite likelihood.
    const variance = Math.max(0.01, squares / count - mean * mean);
    const gain = (squares - count * (1 + Math.log(variance))) / 2;
    if (gain > bestGain) {
      bestGain = gain;
      best = from;
    }
  }
  return best;
}
